import type { z } from 'zod';
import type { Matrix } from '../problem/matrix.ts';
import { WHOLE_UNITS } from '../problem/problem.ts';
import type { Location, Problem, Stop, Vehicle } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';
import { assertUnique, flattenMatrix, readShape } from './json-shapes.ts';
import { shorten } from './lines.ts';
import { PROBLEM_FILE } from './problem-file.ts';

type File = z.output<typeof PROBLEM_FILE>;

/** Reads our own problem file, already parsed. @throws FormatError that names the place. */
export function readTunnaJson(json: unknown): Problem {
  const file = readShape(PROBLEM_FILE, json);
  assertReferences(file);
  const size = file.locations.length;
  return {
    name: file.name,
    units: WHOLE_UNITS,
    locations: file.locations.map(readLocation),
    matrices: new Map(
      Object.entries(file.matrices).map(([profile, { seconds, metres }]): [string, Matrix] => [
        profile,
        {
          size,
          seconds: flattenMatrix(seconds, size, `matrices.${profile}.seconds`),
          metres: flattenMatrix(metres, size, `matrices.${profile}.metres`),
        },
      ]),
    ),
    vehicles: file.vehicles.map(readVehicle),
    stops: file.stops.map(({ litres, kg, ...stop }): Stop => ({
      ...withoutUndefined(stop),
      amounts: { litres, kg },
    })),
    disposalSites: file.disposalSites.map(withoutUndefined),
  };
}

function readLocation({ name, lat, lng }: File['locations'][number], index: number): Location {
  if ((lat === undefined) !== (lng === undefined)) {
    throw new FormatError(`locations.${index}: lat and lng go together`);
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(lat === undefined || lng === undefined ? {} : { position: { lat, lng } }),
  };
}

function readVehicle({ compartments, ...vehicle }: File['vehicles'][number]): Vehicle {
  return {
    ...withoutUndefined(vehicle),
    compartments: compartments.map(({ streams, litres = Infinity, kg = Infinity }) => ({
      ...{ streams, litres, kg },
    })),
  };
}

/** Everything that names something else must name something that is there, and only one. */
function assertReferences(file: File): void {
  const { vehicles, stops, disposalSites } = file;
  assertUnique('vehicles', vehicles);
  assertUnique('stops', stops);
  assertUnique('disposalSites', disposalSites);
  const vehicleIds = new Set(vehicles.map(({ id }) => id));
  const assertVehicleIds = (ids: readonly string[], where: string): void => {
    const unknown = ids.find((id) => !vehicleIds.has(id));
    if (unknown !== undefined) {
      throw new FormatError(`${where}: there is no vehicle ${shorten(unknown)}`);
    }
  };
  const assertPlace = (location: number | null, where: string): void => {
    if (location !== null && location >= file.locations.length) {
      throw new FormatError(`${where}: there is no location ${location}`);
    }
  };
  stops.forEach(({ location, vehicleId }, index) => {
    assertPlace(location, `stops.${index}.location`);
    assertVehicleIds(vehicleId === undefined ? [] : [vehicleId], `stops.${index}.vehicleId`);
  });
  disposalSites.forEach(({ location, vehicleIds: allowed = [] }, index) => {
    assertPlace(location, `disposalSites.${index}.location`);
    assertVehicleIds(allowed, `disposalSites.${index}.vehicleIds`);
  });
  vehicles.forEach(({ start, end }, index) => {
    assertPlace(start, `vehicles.${index}.start`);
    assertPlace(end, `vehicles.${index}.end`);
  });
  assertVehicles(file);
}

function assertVehicles({ vehicles, stops, matrices }: File): void {
  const stopIds = new Set(stops.map(({ id }) => id));
  const firstOf = new Map<string, number>();
  vehicles.forEach(({ profile, breaks, firstStops = [] }, index) => {
    const where = `vehicles.${index}`;
    if (!Object.hasOwn(matrices, profile)) {
      throw new FormatError(`${where}.profile: there is no matrix "${shorten(profile)}"`);
    }
    assertUnique(`${where}.breaks`, breaks);
    for (const id of firstStops) {
      const at = `${where}.firstStops`;
      if (!stopIds.has(id)) throw new FormatError(`${at}: there is no stop ${shorten(id)}`);
      if (firstOf.has(id)) throw new FormatError(`${at}: ${shorten(id)} is there twice`);
      firstOf.set(id, index);
    }
  });
}

/** Leaves out names without a value, which the problem's types do not know. */
function withoutUndefined<Thing extends object>(
  thing: Thing,
): { [Name in keyof Thing]: Exclude<Thing[Name], undefined> } {
  // Safe: only names without a value are taken away.
  return Object.fromEntries(Object.entries(thing).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Thing]: Exclude<Thing[Name], undefined>;
  };
}
