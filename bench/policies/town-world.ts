import { grownBetween } from '../../simulator/fill-model.ts';
import { gaussianFrom, unitFrom } from '../../simulator/random.ts';
import { DAY_MS, HOUR_MS, dayStartMs, localDay } from '../../simulator/rhythm.ts';
import { createTown } from '../../simulator/town.ts';
import type { TownBin } from '../../simulator/town.ts';
import { measureWays } from './world.ts';
import type { World, WorldBin, WorldVehicle } from './world.ts';

export interface TownWorldOptions {
  readonly seed: number;
  readonly binCount: number;
  readonly days: number;
}

/**
 * The simulator's bins fill by 38 % a day in the mean, as Edinburgh's litter bins do. Emptying all of them every day would find room for 96.3 % of the
 * waste only, so no policy could be compared at 99.5 %. Here a third of the waste comes.
 */
const WASTE_FACTOR = 1 / 3;
/** So the fixed round comes by on one of three of its days. */
const ROUNDS_LEFT_OUT = 3;
const WARM_UP_DAYS = 28;
const BEGIN_MS = Date.UTC(2026, 2, 2);
const KM_PER_HOUR = 25;

/** An invented yard by the canal: the trucks stand there, and what they bring is loaded on here. */
const DEPOT = { lat: 59.1845, lng: 17.6365 };
const TRANSFER = { lat: 59.182, lng: 17.634 };

/** Volumes as thrown in: a packer presses waste to a third, the crane truck's compartments press nothing. */
const VEHICLES: readonly WorldVehicle[] = [
  { id: 'litter-1', compartments: [{ streams: ['litter'], litres: 15_000, kg: Infinity }] },
  { id: 'litter-2', compartments: [{ streams: ['litter'], litres: 15_000, kg: Infinity }] },
  {
    id: 'household',
    compartments: [
      { streams: ['residual'], litres: 30_000, kg: Infinity },
      { streams: ['food'], litres: 6000, kg: Infinity },
    ],
  },
  {
    id: 'packaging',
    compartments: [
      { streams: ['paper'], litres: 36_000, kg: Infinity },
      { streams: ['plastic'], litres: 36_000, kg: Infinity },
    ],
  },
  {
    id: 'crane',
    compartments: [
      { streams: ['clear-glass'], litres: 10_000, kg: Infinity },
      { streams: ['coloured-glass'], litres: 10_000, kg: Infinity },
      { streams: ['metal'], litres: 10_000, kg: Infinity },
    ],
  },
];

const SERVICE_SECONDS: Record<string, number> = { litter: 60, residual: 120, food: 90 };
const STATION_SECONDS = 240;

/** As in `simulator/sensor-model.ts`. */
const OUTLIER_RATE = 0.05;
const STUCK_PERIOD_HOURS = 25 * 24;
const STUCK_HOURS = 12 * 24;
const LEFT_BEHIND_PERCENT = 5;
const [NOISE, LOST, OUTLIER, OUTLIER_VALUE, LEFT, PHASE] = [101, 102, 103, 104, 105, 106];

/** The simulator's town: its bins, their growth, and its sensors with noise, losses, outliers and some that hang. */
export function townWorld({ seed, binCount, days }: TownWorldOptions): World {
  const town = createTown({ seed, binCount });
  const startMs = dayStartMs(localDay(BEGIN_MS));
  const hours = (WARM_UP_DAYS + days) * 24;
  const growth = new Float32Array(binCount * hours);
  town.bins.forEach((bin, index) => {
    for (let hour = 0; hour < hours; hour += 1) {
      const atMs = startMs + hour * HOUR_MS;
      const percent = grownBetween(bin.growth, atMs, atMs + HOUR_MS);
      // Rounding may leave a little below nothing.
      growth[index * hours + hour] = Math.max(0, WASTE_FACTOR * percent);
    }
  });
  const bins = town.bins.map(worldBin);
  const places = [DEPOT, TRANSFER, ...bins.map(({ position }) => position)];
  return {
    ...{ name: `town of ${binCount} bins`, seed, startMs, days, bins, growth, hours },
    utcOffsetMs: localDay(0) * DAY_MS - dayStartMs(0),
    warmUpDays: WARM_UP_DAYS,
    vehicles: VEHICLES,
    matrix: measureWays(places, KM_PER_HOUR),
  };
}

function worldBin(bin: TownBin): WorldBin {
  const { sensor, growth } = bin;
  return {
    id: bin.id,
    stream: bin.stream,
    position: bin.location,
    volumeLitres: bin.volumeLitres,
    serviceSeconds: SERVICE_SECONDS[bin.stream] ?? STATION_SECONDS,
    roundWeekdays: growth.roundWeekdays.filter((_, index) => index % ROUNDS_LEFT_OUT === 0),
    sensor: { noisePoints: sensor.noisePercent, stepPoints: 0 },
    report: createReport(bin),
    leftBehind: (emptying) => unitFrom(growth.seed, LEFT, emptying) * LEFT_BEHIND_PERCENT,
  };
}

function createReport({ sensor }: TownBin): WorldBin['report'] {
  const phase = Math.floor(unitFrom(sensor.seed, PHASE) * STUCK_PERIOD_HOURS);
  let stuckAt: number | undefined;
  return (hour, truePercent) => {
    const intoPeriod = (hour + phase) % STUCK_PERIOD_HOURS;
    const isStuck = sensor.fault === 'stuck' && intoPeriod < STUCK_HOURS;
    // Simulations go forward in time; each begins outside, or finds the value that it hangs at anew.
    if (!isStuck || hour === 0) stuckAt = undefined;
    if (isStuck) stuckAt ??= Math.min(96, Math.round(truePercent));
    if (unitFrom(sensor.seed, LOST, hour) < sensor.lossRate) return undefined;
    if (stuckAt !== undefined) return stuckAt;
    if (unitFrom(sensor.seed, OUTLIER, hour) < OUTLIER_RATE) {
      return Math.round(100 * unitFrom(sensor.seed, OUTLIER_VALUE, hour));
    }
    const noise = sensor.noisePercent * gaussianFrom(sensor.seed, NOISE, hour);
    return Math.round(Math.min(100, Math.max(0, truePercent + noise)));
  };
}
