import type { Problem, Vehicle, Window } from '../problem/problem.ts';
import { compileType } from './compile-type.ts';
import { findScales } from './find-scales.ts';
import { MUST, NEVER } from './instance.ts';
import type { Features, Instance } from './instance.ts';

/** Puts a problem into the solver's form. The problem must have been validated. */
export function compile(problem: Problem): Instance {
  const { stops, vehicles, disposalSites } = problem;
  const { costScale, amountScale } = findScales(problem);
  const isNowhereNeeded = vehicles.some(({ start, end }) => start === null || end === null);
  const places = problem.locations.length;
  const size = isNowhereNeeded ? places + 1 : places;
  const weighs = stops.some(({ amounts }) => amounts.kg > 0);
  const { types, typeOf } = findTypes(problem);
  const ways = new Map();
  const compiledTypes = types.map((vehicle) =>
    compileType(problem, vehicle, { size, costScale, amountScale, weighs }, ways),
  );
  const dimensions = Math.max(1, ...compiledTypes.map(({ capacity }) => capacity.length));
  const vehicleIndex = new Map(vehicles.map(({ id }, index) => [id, index]));
  return {
    ...{ problem, size, costScale, typeOf, dimensions, weighs, ...packWindows(problem) },
    nowhere: isNowhereNeeded ? places : -1,
    types: compiledTypes,
    stopCount: stops.length,
    vehicleCount: vehicles.length,
    stopLocation: Int32Array.from(stops, ({ location }) => location),
    siteLocation: Int32Array.from(disposalSites, ({ location }) => location),
    service: Int32Array.from([
      ...[...stops, ...disposalSites].map(({ serviceSeconds }) => serviceSeconds),
      ...vehicles.flatMap(({ breaks }) => breaks.map(({ seconds }) => seconds)),
    ]),
    amount: Int32Array.from(
      stops.flatMap(({ amounts: { litres, kg } }) => [
        // Rounded up, so that many small ones never are too much together.
        Math.ceil(litres * amountScale - 1e-6),
        Math.ceil(kg * amountScale - 1e-6),
      ]),
    ),
    prize: Float64Array.from(stops, ({ prize }) =>
      prize === null ? MUST : Math.min(MUST - 1, Math.round(prize * costScale)),
    ),
    mustCount: stops.filter(({ prize }) => prize === null).length,
    must: Uint8Array.from(stops, ({ prize }) => (prize === null ? 1 : 0)),
    release: Int32Array.from(stops, ({ releaseSeconds }) => releaseSeconds ?? 0),
    onlyVehicle: Int32Array.from(stops, ({ vehicleId }) =>
      // A vehicle that the problem does not know serves nothing.
      vehicleId === undefined ? -1 : (vehicleIndex.get(vehicleId) ?? vehicles.length),
    ),
    features: findFeatures(problem, dimensions),
    choosy:
      stops.some(({ vehicleId }) => vehicleId !== undefined) ||
      compiledTypes.some(
        ({ compartment, maxStops, maxDayAmount }) =>
          compartment.includes(-1) || maxStops < NEVER || maxDayAmount < NEVER,
      ),
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
    (vehicle) =>
      vehicle.mustEndEmpty ||
      vehicle.maxDrivingSeconds !== undefined ||
      vehicle.maxMetres !== undefined ||
      vehicle.maxDrivingBetweenBreaksSeconds !== undefined ||
      vehicle.firstStops !== undefined,
  );
  const rich = timed || sites || breaks || releases || dimensions > 1 || limited;
  return { timed, sites, breaks, releases, rich };
}

function findTypes({ vehicles, disposalSites }: Problem): { types: Vehicle[]; typeOf: Int32Array } {
  const types: Vehicle[] = [];
  const byKey = new Map<string, number>();
  const typeOf = Int32Array.from(vehicles, (vehicle) => {
    const { id, firstStops: _firstStops, breaks, ...rest } = vehicle;
    const own = disposalSites.map(({ vehicleIds }) => vehicleIds?.includes(id) ?? true);
    const pauses = breaks.map(({ window, seconds }) => [window, seconds]);
    const key = JSON.stringify([rest, own, pauses]);
    const known = byKey.get(key);
    if (known !== undefined) return known;
    byKey.set(key, types.length);
    return types.push(vehicle) - 1;
  });
  return { types, typeOf };
}

function packWindows({
  stops,
  disposalSites,
  vehicles,
}: Problem): Pick<Instance, 'windowStart' | 'windows'> {
  const all: (readonly Window[])[] = [
    ...[...stops, ...disposalSites].map(({ windows }) => windows),
    ...vehicles.flatMap(({ breaks }) => breaks.map(({ window }) => [window])),
  ];
  const windowStart = new Int32Array(all.length + 1);
  all.forEach((windows, index) => {
    windowStart[index + 1] = windowStart[index] + 2 * windows.length;
  });
  return { windowStart, windows: Int32Array.from(all.flat(2)) };
}
