import { createRandom, hashText } from './random.ts';
import type { TownSensor } from './town-sensor.ts';

/** What becomes of a message on its way. */
export interface Delivery {
  readonly lost: boolean;
  /** Held back for so many reporting intervals, so that later messages overtake it; mostly 0. */
  readonly delayIntervals: number;
  /** It comes once more after the first time. */
  readonly duplicated: boolean;
}

export const DUPLICATE_RATE = 0.02;
export const LATE_RATE = 0.03;

/** Decides a message's way by the sensor's habits. `key` is the message's session and counter. */
export function decideDelivery(sensor: TownSensor, key: string): Delivery {
  const random = createRandom(sensor.seed ^ hashText(`way/${key}`));
  const lost = random.chance(sensor.lossRate);
  const duplicated = random.chance(DUPLICATE_RATE);
  const late = random.chance(LATE_RATE);
  return { lost, duplicated, delayIntervals: late ? random.between(1.2, 3) : 0 };
}
