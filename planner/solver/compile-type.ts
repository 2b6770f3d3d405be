import { NO_WAY } from '../problem/matrix.ts';
import type { Problem, Vehicle } from '../problem/problem.ts';
import { NEVER } from './instance.ts';
import type { VehicleType } from './instance.ts';

export interface TypeScales {
  readonly size: number;
  readonly costScale: number;
  readonly amountScale: number;
  readonly weighs: boolean;
}

/** Matrices by what they were made of: types that drive alike share them. */
export type KnownWays = Map<string, Int32Array>;

/** Puts what is common to all vehicles of a kind into the solver's form. */
export function compileType(
  problem: Problem,
  vehicle: Vehicle,
  scales: TypeScales,
  known: KnownWays,
): VehicleType {
  const { amountScale, costScale, size } = scales;
  const ways = compileWays(problem, vehicle, scales, known);
  const { start, end, mustEndEmpty } = vehicle;
  // A vehicle that stays where it is drives nothing: the way from its start to its end counts once it is used.
  const straightOn = start === null || end === null ? 0 : ways.cost[start * size + end];
  return {
    ...ways,
    fixedCost: Math.round(vehicle.costs.fixed * costScale) + straightOn,
    shiftFrom: vehicle.shift[0],
    shiftUntil: Math.min(vehicle.shift[1], NEVER),
    capacity: findCapacity(vehicle, scales),
    compartment: Int8Array.from(problem.stops, ({ stream, skills }) =>
      skills.every((skill) => vehicle.skills.includes(skill))
        ? vehicle.compartments.findIndex(({ streams }) => streams?.includes(stream) ?? true)
        : -1,
    ),
    sites: problem.disposalSites.flatMap(({ vehicleIds }, index) =>
      vehicleIds === undefined || vehicleIds.includes(vehicle.id) ? [index] : [],
    ),
    siteMask: findSiteMasks(problem, vehicle, scales),
    mustEndEmpty,
    maxStops: limit(vehicle.maxStops),
    maxSeconds: limit(vehicle.maxDrivingSeconds),
    maxMetres: limit(vehicle.maxMetres),
    maxDrivingBetweenBreaks: limit(vehicle.maxDrivingBetweenBreaksSeconds),
    maxDayAmount: limit(vehicle.maxDayLitres, amountScale),
    maxSites: limit(vehicle.maxDisposalVisits),
  };
}

function limit(value = NEVER, scale = 1): number {
  return Math.min(NEVER, Math.floor(value * scale + 1e-6));
}

function findCapacity({ compartments }: Vehicle, { amountScale, weighs }: TypeScales): Int32Array {
  return Int32Array.from(
    compartments.flatMap(({ litres, kg }) =>
      weighs ? [limit(litres, amountScale), limit(kg, amountScale)] : [limit(litres, amountScale)],
    ),
  );
}

/** Which dimensions each site empties: a compartment is emptied where all that it may hold is taken. */
function findSiteMasks(
  { disposalSites }: Problem,
  { compartments }: Vehicle,
  { weighs }: TypeScales,
): Int32Array {
  const width = weighs ? 2 : 1;
  return Int32Array.from(disposalSites, ({ streams }) => {
    let mask = 0;
    compartments.forEach((compartment, index) => {
      const empties =
        streams === null || (compartment.streams?.every((s) => streams.includes(s)) ?? false);
      if (empties) mask |= ((1 << width) - 1) << (index * width);
    });
    return mask;
  });
}

function compileWays(
  problem: Problem,
  { profile, costs, speedFactor = 1 }: Vehicle,
  { size, costScale }: TypeScales,
  known: KnownWays,
): Pick<VehicleType, 'cost' | 'costFrom' | 'seconds' | 'metres'> {
  const matrix = problem.matrices.get(profile);
  if (matrix === undefined) throw new Error(`There is no matrix of profile ${profile}`);
  const once = (key: string, make: () => Int32Array): Int32Array => {
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  };
  const widen = (values: Int32Array): Int32Array =>
    size === matrix.size ? values : addNowhere(values, matrix.size);
  const metres = once(`metres ${profile}`, () => widen(matrix.metres));
  const plainSeconds = once(`seconds ${profile}`, () => widen(matrix.seconds));
  const seconds = once(`seconds ${profile} ${speedFactor}`, () =>
    speedFactor === 1
      ? plainSeconds
      : plainSeconds.map((time) => (time >= NO_WAY ? NO_WAY : Math.round(time / speedFactor))),
  );
  const perMetre = (costs.perKm / 1000) * costScale;
  const perSecond = (costs.perDrivingHour / 3600) * costScale;
  const key = `cost ${profile} ${speedFactor} ${perMetre} ${perSecond}`;
  const cost = once(key, () => price(metres, seconds, perMetre, perSecond));
  return { metres, seconds, cost, costFrom: once(`from ${key}`, () => transpose(cost, size)) };
}

/** What each way costs; `NO_WAY` where there is none. Nothing is copied where cost is time or distance itself. */
function price(
  metres: Int32Array,
  seconds: Int32Array,
  perMetre: number,
  perSecond: number,
): Int32Array {
  const open = seconds.every((time, way) => time < NO_WAY && metres[way] < NO_WAY);
  if (open && perMetre === 1 && perSecond === 0) return metres;
  if (open && perMetre === 0 && perSecond === 1) return seconds;
  return metres.map((way, index) =>
    way >= NO_WAY || seconds[index] >= NO_WAY
      ? NO_WAY
      : Math.min(NO_WAY - 1, Math.round(perMetre * way + perSecond * seconds[index])),
  );
}

function transpose(values: Int32Array, size: number): Int32Array {
  if (isSymmetric(values, size)) return values;
  const turned = new Int32Array(size * size);
  for (let from = 0; from < size; from += 1) {
    for (let to = 0; to < size; to += 1) turned[to * size + from] = values[from * size + to];
  }
  return turned;
}

function isSymmetric(values: Int32Array, size: number): boolean {
  for (let from = 0; from < size; from += 1) {
    for (let to = 0; to < from; to += 1) {
      if (values[from * size + to] !== values[to * size + from]) return false;
    }
  }
  return true;
}

/** The same ways with one more location, from and to which there is nothing to drive. */
function addNowhere(values: Int32Array, size: number): Int32Array {
  const wide = new Int32Array((size + 1) * (size + 1));
  for (let from = 0; from < size; from += 1) {
    wide.set(values.subarray(from * size, (from + 1) * size), from * (size + 1));
  }
  return wide;
}
