import type { Random } from './random.ts';
import {
  type Envelope,
  LARGE_BIN_MODELS,
  MODEL_FACTS,
  SMALL_BIN_MODELS,
  type SensorModel,
} from './sensor-catalogue.ts';

/** What is lastingly wrong with a sensor. */
export type SensorFault = 'stuck' | 'clock-unset' | 'clock-ahead';

/** A sensor under a lid, with its habits. */
export interface TownSensor {
  /** Own name of our devices, lower-case EUI of radio sensors. */
  readonly deviceId: string;
  readonly model: SensorModel;
  readonly envelope: Envelope;
  readonly reportIntervalSeconds: number;
  /** Everything random about its readings follows from this. */
  readonly seed: number;
  /** Share of its messages that never arrive. */
  readonly lossRate: number;
  /** Standard deviation of a reading, percent of the usable height. */
  readonly noisePercent: number;
  readonly fault?: SensorFault;
}

/** Radio loses 5 to 50 % of all messages (DTU's bins: 25 to 53 %); most places are good ones. */
const LOWEST_LOSS = 0.05;
const HIGHEST_LOSS = 0.5;
/** One of four sensors is our own; which one moves on with each turn of the sites, so that every stream has some. */
const OWN_JSON_EVERY = 4;
const TURN = 20;
/** Containers from this volume on are wide enough for any cone. */
const LARGE_FROM_LITRES = 660;
/** About one sensor in fifty hangs at a value (Wyndham: 1 % of full episodes; pilots report 1 to 3 %). */
const STUCK_EVERY = 49;
/** Of our own devices, one in twenty has a wrong clock. */
const CLOCK_FAULT_EVERY = 20;

/** Makes the sensor of the bin with the given index in its town. */
export function createSensor(random: Random, index: number, volumeLitres: number): TownSensor {
  const seed = Math.floor(random.unit() * 2 ** 32);
  const isOwn = (index + Math.floor(index / TURN)) % OWN_JSON_EVERY === 0;
  const group = Math.floor(index / OWN_JSON_EVERY);
  const kind = isOwn ? ownKind(index, group) : radioKind(random, index, volumeLitres);
  const fault = isOwn ? clockFault(group) : stuckFault(index);
  return {
    ...kind,
    reportIntervalSeconds: random.pick([900, 900, 900, 900, 900, 1800, 3600]),
    seed,
    lossRate: LOWEST_LOSS + (HIGHEST_LOSS - LOWEST_LOSS) * random.unit() ** 2,
    noisePercent: MODEL_FACTS[kind.model].noisePercent * random.between(0.7, 1.3),
    ...(fault && { fault }),
  };
}

type Kind = Pick<TownSensor, 'deviceId' | 'model' | 'envelope'>;

function ownKind(index: number, group: number): Kind {
  return {
    deviceId: `tunna-${String(index + 1).padStart(4, '0')}`,
    model: group % 2 === 0 ? 'own-json-fill' : 'own-json-distance',
    envelope: 'own-json',
  };
}

function radioKind(random: Random, index: number, volumeLitres: number): Kind {
  const models = volumeLitres >= LARGE_FROM_LITRES ? LARGE_BIN_MODELS : SMALL_BIN_MODELS;
  return {
    deviceId: inventEui(index),
    model: random.pick(models),
    envelope: random.chance(0.5) ? 'things-stack' : 'chirpstack',
  };
}

/** The first byte, 0x02, marks the address as locally administered, so no sold sensor has it. */
function inventEui(index: number): string {
  return `0254756e6e${(index + 1).toString(16).padStart(6, '0')}`;
}

function clockFault(group: number): SensorFault | undefined {
  if (group % CLOCK_FAULT_EVERY === 7) return 'clock-unset';
  if (group % CLOCK_FAULT_EVERY === 17) return 'clock-ahead';
  return undefined;
}

function stuckFault(index: number): SensorFault | undefined {
  return index % STUCK_EVERY === 22 ? 'stuck' : undefined;
}
