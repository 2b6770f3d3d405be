import type { SensorTraits } from '../../planner/selection/bin-history.ts';
import type { FillRate } from '../../planner/selection/fill-rate.ts';
import { fillMatrix } from '../../planner/problem/matrix.ts';
import type { Matrix } from '../../planner/problem/matrix.ts';
import type { Compartment } from '../../planner/problem/problem.ts';

export interface Position {
  readonly lat: number;
  readonly lng: number;
}

export interface WorldBin {
  readonly id: string;
  readonly stream: string;
  readonly position: Position;
  readonly volumeLitres: number;
  readonly serviceSeconds: number;
  /** Days of the fixed round, 0 = Sunday. */
  readonly roundWeekdays: readonly number[];
  readonly sensor: SensorTraits;
  /** What the sensor reports at the end of an hour, counted from the beginning; `undefined`: nothing arrives. */
  report(hour: number, truePercent: number): number | undefined;
  /** What the crew leaves behind, percent, when it empties the bin for the n-th time. */
  leftBehind(emptying: number): number;
}

export interface WorldVehicle {
  readonly id: string;
  readonly compartments: readonly Compartment[];
}

/** A place with bins whose future is written down, but for what is emptied. */
export interface World {
  readonly name: string;
  readonly seed: number;
  /** A local midnight. */
  readonly startMs: number;
  readonly utcOffsetMs: number;
  /** Days before the ones that count: the fixed round drives, sensors report, forecasts learn. */
  readonly warmUpDays: number;
  readonly days: number;
  readonly bins: readonly WorldBin[];
  /** Growth by bin and hour, percent: bin * hours + hour. */
  readonly growth: Float32Array;
  readonly hours: number;
  readonly vehicles: readonly WorldVehicle[];
  /** Ways between the depot (0), the disposal site (1) and the bins in their order (from 2 on). */
  readonly matrix: Matrix;
}

/** Streets are longer than the straight line by this factor, in the mean of European towns. */
const DETOUR = 1.35;
const METRES_PER_DEGREE = 111_320;
/** At one site one still drives a few metres. */
const LEAST_METRES = 10;

export function measureWays(places: readonly Position[], kmPerHour: number): Matrix {
  return fillMatrix(places.length, (from, to) => {
    const [a, b] = [places[from], places[to]];
    if (a === undefined || b === undefined || from === to) return { seconds: 0, metres: 0 };
    const north = (b.lat - a.lat) * METRES_PER_DEGREE;
    const east = (b.lng - a.lng) * METRES_PER_DEGREE * Math.cos((a.lat * Math.PI) / 180);
    const metres = Math.round(Math.max(LEAST_METRES, DETOUR * Math.hypot(north, east)));
    return { metres, seconds: Math.round((metres * 3.6) / kmPerHour) };
  });
}

/** How the bins of a world truly fill, for those who may know: reckoned from all that comes. */
export function trueRates(world: World): FillRate[] {
  const { bins, growth, hours } = world;
  const days = hours / 24;
  const dailyOf = (bin: number): number[] =>
    Array.from({ length: days }, (_, day) =>
      growth
        .subarray(bin * hours + day * 24, bin * hours + day * 24 + 24)
        .reduce((sum, part) => sum + part, 0),
    );
  const firstWeekday = weekdayOfDay(world, 0);
  const shapes = new Map<string, { week: number[]; hours: number[] }>();
  for (const [stream, members] of Map.groupBy(bins.keys(), (bin) => bins[bin]?.stream ?? '')) {
    const week = Array.from({ length: 7 }, () => 0);
    const day = Array.from({ length: 24 }, () => 0);
    for (const bin of members) {
      for (let hour = 0; hour < hours; hour += 1) {
        const part = growth[bin * hours + hour] ?? 0;
        const weekday = (firstWeekday + Math.floor(hour / 24)) % 7;
        week[weekday] = (week[weekday] ?? 0) + part;
        day[hour % 24] = (day[hour % 24] ?? 0) + part;
      }
    }
    const total = day.reduce((sum, part) => sum + part, 0) || 1;
    shapes.set(stream, {
      week: week.map((part) => (7 * part) / total),
      hours: day.map((part) => part / total),
    });
  }
  return bins.map(({ stream }, bin) => {
    const shape = shapes.get(stream) ?? { week: [], hours: [] };
    const daily = dailyOf(bin);
    const mean = daily.reduce((sum, part) => sum + part, 0) / days;
    const variance = daily.reduce((sum, part, day) => {
      const expected = mean * (shape.week[(firstWeekday + day) % 7] ?? 1);
      return sum + (part - expected) ** 2 / days;
    }, 0);
    return {
      percentPerDay: mean,
      weekdayFactors: shape.week,
      hourShares: shape.hours,
      dayVariation: mean > 0 ? Math.sqrt(variance) / mean : 0,
      rateError: 0,
    };
  });
}

/** Local weekday of a day of the world, 0 = Sunday. */
export function weekdayOfDay({ startMs, utcOffsetMs }: World, day: number): number {
  return (Math.floor((startMs + utcOffsetMs) / 86_400_000) + day + 4) % 7;
}
