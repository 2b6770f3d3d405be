import type { Problem, Vehicle } from '../problem/problem.ts';

/** Later than any time, and safe to add to. */
export const NEVER = 1 << 29;

/** A kind of vehicle: vehicles that differ by their names only share one. */
export interface VehicleType {
  /** Cost of each way, in units of `Instance.costScale`, by from * size + to. */
  readonly cost: Int32Array;
  readonly seconds: Int32Array;
  readonly metres: Int32Array;
  readonly fixedCost: number;
  readonly shiftFrom: number;
  readonly shiftUntil: number;
  /** Limit by dimension: compartments one after the other, litres and then, where weight matters, kilograms. */
  readonly capacity: Int32Array;
  /** Compartment of each stop; -1: it cannot serve it. */
  readonly compartment: Int8Array;
  /** Indices of the sites it may unload at. */
  readonly sites: readonly number[];
  /** Dimensions that each site empties, as a bit mask, by site. */
  readonly siteMask: Int32Array;
  readonly mustEndEmpty: boolean;
  readonly maxStops: number;
  readonly maxSeconds: number;
  readonly maxMetres: number;
  readonly maxDrivingBetweenBreaks: number;
  readonly maxDayAmount: number;
  readonly maxSites: number;
}

/** A problem as the solver works on it: whole numbers in flat arrays, stops as 0..stopCount-1. */
export interface Instance {
  readonly problem: Problem;
  readonly stopCount: number;
  readonly vehicleCount: number;
  /** Locations, and one more that is nowhere: no time or distance from anything. */
  readonly size: number;
  readonly nowhere: number;
  readonly types: readonly VehicleType[];
  readonly typeOf: Int32Array;
  /** Costs are whole numbers: so many to one unit of the problem's costs. */
  readonly costScale: number;
  readonly stopLocation: Int32Array;
  readonly siteLocation: Int32Array;
  /** Service time of stops, then sites, then breaks in the order of their vehicles. */
  readonly service: Int32Array;
  /** Litres and kilograms of each stop, as whole numbers: 2 * stop, 2 * stop + 1. */
  readonly amount: Int32Array;
  readonly dimensions: number;
  readonly weighs: boolean;
  /** Prize of leaving a stop out; `MUST` when it must be served. */
  readonly prize: Int32Array;
  readonly must: Uint8Array;
  readonly mustCount: number;
  readonly release: Int32Array;
  /** The only vehicle that may serve a stop; -1: any. */
  readonly onlyVehicle: Int32Array;
  /** Windows of stops, then sites, then breaks: from `windowStart[i]` to `windowStart[i + 1]` in `windows`, in pairs. */
  readonly windowStart: Int32Array;
  readonly windows: Int32Array;
  readonly features: Features;
}

/** What the instance needs; what it does not need costs no time. */
export interface Features {
  readonly timed: boolean;
  readonly sites: boolean;
  readonly breaks: boolean;
  readonly releases: boolean;
  /** Anything beyond one load per route. */
  readonly rich: boolean;
}

/** Cost of leaving out a stop that must be served: more than any route. */
export const MUST = 1 << 26;

/** Puts a problem into the solver's form. The problem must have been validated. */
export function compile(problem: Problem): Instance {
  const nowhere = problem.locations.length;
  const size = nowhere + 1;
  const costScale = findCostScale(problem);
  const amountScale = findAmountScale(problem);
  const weighs = problem.stops.some(({ amounts }) => amounts.kg > 0);
  const { types, typeOf } = findTypes(problem);
  const compiledTypes = types.map((vehicle) =>
    compileType(problem, vehicle, { size, costScale, amountScale, weighs }),
  );
  const dimensions = Math.max(1, ...compiledTypes.map(({ capacity }) => capacity.length));
  const vehicleIndex = new Map(problem.vehicles.map(({ id }, index) => [id, index]));
  const { stops } = problem;
  const { windowStart, windows } = packWindows(problem);
  return {
    ...{ problem, size, nowhere, costScale, typeOf, dimensions, weighs, windowStart, windows },
    types: compiledTypes,
    stopCount: stops.length,
    vehicleCount: problem.vehicles.length,
    stopLocation: Int32Array.from(stops, ({ location }) => location),
    siteLocation: Int32Array.from(problem.disposalSites, ({ location }) => location),
    service: Int32Array.from([
      ...[...stops, ...problem.disposalSites].map(({ serviceSeconds }) => serviceSeconds),
      ...problem.vehicles.flatMap(({ breaks }) => breaks.map(({ seconds }) => seconds)),
    ]),
    amount: Int32Array.from(
      stops.flatMap(({ amounts }) => [
        Math.round(amounts.litres * amountScale),
        Math.round(amounts.kg * amountScale),
      ]),
    ),
    prize: Int32Array.from(stops, ({ prize }) =>
      prize === null ? MUST : Math.min(MUST - 1, Math.round(prize * costScale)),
    ),
    mustCount: stops.filter(({ prize }) => prize === null).length,
    must: Uint8Array.from(stops, ({ prize }) => (prize === null ? 1 : 0)),
    release: Int32Array.from(stops, ({ releaseSeconds }) => releaseSeconds ?? 0),
    onlyVehicle: Int32Array.from(stops, ({ vehicleId }) =>
      vehicleId === undefined ? -1 : (vehicleIndex.get(vehicleId) ?? -1),
    ),
    features: findFeatures(problem, dimensions),
  };
}

function findFeatures(problem: Problem, dimensions: number): Features {
  const { stops, vehicles, disposalSites } = problem;
  const timed =
    stops.some(({ windows, releaseSeconds }) => windows.length > 0 || releaseSeconds) ||
    vehicles.some(({ shift, breaks }) => shift[1] - shift[0] < NEVER / 2 || breaks.length > 0);
  const sites = disposalSites.length > 0;
  const breaks = vehicles.some((vehicle) => vehicle.breaks.length > 0);
  const releases = stops.some(({ releaseSeconds = 0 }) => releaseSeconds > 0);
  const limited = vehicles.some(
    ({ maxDrivingSeconds, maxMetres, maxDrivingBetweenBreaksSeconds, maxDayLitres, firstStops }) =>
      maxDrivingSeconds !== undefined ||
      maxMetres !== undefined ||
      maxDrivingBetweenBreaksSeconds !== undefined ||
      maxDayLitres !== undefined ||
      firstStops !== undefined,
  );
  const rich = timed || sites || breaks || releases || dimensions > 1 || limited;
  return { timed, sites, breaks, releases, rich };
}

/** Costs are kept as whole numbers so that no sum depends on its order: finer where they have fractions. */
function findCostScale({ vehicles, stops }: Problem): number {
  const perMetre = vehicles.map(({ costs }) => costs.perKm / 1000);
  const perSecond = vehicles.map(({ costs }) => costs.perDrivingHour / 3600);
  const all = [...perMetre, ...perSecond, ...vehicles.map(({ costs }) => costs.fixed)];
  const whole = [...all, ...stops.map(({ prize }) => prize ?? 0)].every(Number.isInteger);
  return whole ? 1 : 100;
}

function findAmountScale({ stops, vehicles }: Problem): number {
  const whole =
    stops.every(
      ({ amounts: { litres, kg } }) => Number.isInteger(litres) && Number.isInteger(kg),
    ) &&
    vehicles.every(({ compartments }) =>
      compartments.every(({ litres }) => Number.isInteger(litres) || litres === Infinity),
    );
  return whole ? 1 : 100;
}

function findTypes({ vehicles }: Problem): { types: Vehicle[]; typeOf: Int32Array } {
  const types: Vehicle[] = [];
  const byKey = new Map<string, number>();
  const typeOf = Int32Array.from(vehicles, (vehicle) => {
    const { id: _id, firstStops: _firstStops, ...rest } = vehicle;
    const key = JSON.stringify(rest);
    const known = byKey.get(key);
    if (known !== undefined) return known;
    byKey.set(key, types.length);
    return types.push(vehicle) - 1;
  });
  return { types, typeOf };
}

interface Scales {
  readonly size: number;
  readonly costScale: number;
  readonly amountScale: number;
  readonly weighs: boolean;
}

function compileType(problem: Problem, vehicle: Vehicle, scales: Scales): VehicleType {
  const limit = (value: number | undefined, scale = 1): number =>
    Math.min(NEVER, Math.round((value ?? NEVER) * scale));
  const { amountScale, costScale, weighs } = scales;
  const capacity = vehicle.compartments.flatMap(({ litres, kg }) =>
    weighs ? [limit(litres, amountScale), limit(kg, amountScale)] : [limit(litres, amountScale)],
  );
  const perCompartment = weighs ? 2 : 1;
  const sites = problem.disposalSites.flatMap(({ vehicleIds }, index) =>
    vehicleIds === undefined || vehicleIds.includes(vehicle.id) ? [index] : [],
  );
  const siteMask = Int32Array.from(problem.disposalSites, ({ streams }) => {
    let mask = 0;
    vehicle.compartments.forEach((compartment, index) => {
      const empties =
        streams === null || (compartment.streams?.every((s) => streams.includes(s)) ?? false);
      if (empties) mask |= ((1 << perCompartment) - 1) << (index * perCompartment);
    });
    return mask;
  });
  const ways = compileWays(problem, vehicle, scales);
  const { start, end } = vehicle;
  // A vehicle that stays where it is drives nothing: the way from its start to its end counts once it is used.
  const straightOn = start === null || end === null ? 0 : ways.cost[start * scales.size + end];
  return {
    ...ways,
    fixedCost: Math.round(vehicle.costs.fixed * costScale) + straightOn,
    shiftFrom: vehicle.shift[0],
    shiftUntil: Math.min(vehicle.shift[1], NEVER),
    capacity: Int32Array.from(capacity),
    compartment: Int8Array.from(problem.stops, ({ stream, skills }) =>
      skills.every((skill) => vehicle.skills.includes(skill))
        ? vehicle.compartments.findIndex(({ streams }) => streams?.includes(stream) ?? true)
        : -1,
    ),
    ...{ sites, siteMask, mustEndEmpty: vehicle.mustEndEmpty },
    maxStops: limit(vehicle.maxStops),
    maxSeconds: limit(vehicle.maxDrivingSeconds),
    maxMetres: limit(vehicle.maxMetres),
    maxDrivingBetweenBreaks: limit(vehicle.maxDrivingBetweenBreaksSeconds),
    maxDayAmount: limit(vehicle.maxDayLitres, amountScale),
    maxSites: limit(vehicle.maxDisposalVisits),
  };
}

/** Ways of a vehicle type, with one more location from and to which nothing costs anything. */
function compileWays(
  problem: Problem,
  vehicle: Vehicle,
  { size, costScale }: Scales,
): Pick<VehicleType, 'cost' | 'seconds' | 'metres'> {
  const matrix = problem.matrices.get(vehicle.profile);
  if (matrix === undefined) throw new Error(`There is no matrix of profile ${vehicle.profile}`);
  const { costs, speedFactor = 1 } = vehicle;
  const perMetre = (costs.perKm / 1000) * costScale;
  const perSecond = (costs.perDrivingHour / 3600) * costScale;
  const cost = new Int32Array(size * size);
  const seconds = new Int32Array(size * size);
  const metres = new Int32Array(size * size);
  for (let from = 0; from < matrix.size; from += 1) {
    for (let to = 0; to < matrix.size; to += 1) {
      const source = from * matrix.size + to;
      const target = from * size + to;
      const time = Math.round(matrix.seconds[source] / speedFactor);
      seconds[target] = time;
      metres[target] = matrix.metres[source];
      cost[target] = Math.min(
        MUST,
        Math.round(perMetre * matrix.metres[source] + perSecond * time),
      );
    }
  }
  return { cost, seconds, metres };
}

function packWindows({ stops, disposalSites, vehicles }: Problem): {
  windowStart: Int32Array;
  windows: Int32Array;
} {
  const all = [
    ...[...stops, ...disposalSites].map(({ windows }) => windows),
    ...vehicles.flatMap(({ breaks }) => breaks.map(({ window }) => [window])),
  ];
  const windowStart = new Int32Array(all.length + 1);
  all.forEach((windows, index) => {
    windowStart[index + 1] = windowStart[index] + 2 * windows.length;
  });
  return { windowStart, windows: Int32Array.from(all.flat(2)) };
}
