import { z } from 'zod';
import { NO_WAY } from '../problem/matrix.ts';
import type { Matrix } from '../problem/matrix.ts';
import { WHOLE_UNITS } from '../problem/problem.ts';
import type { Problem, Vehicle } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';

/** Longer than any round: a little over two years. */
const MOST_SECONDS = 1 << 26;

const Whole = z.int().min(0).max(MOST_SECONDS);
const Index = z.int().min(0);
const Id = z.string().min(1).max(200);
const Window = z
  .tuple([Whole, Whole])
  .refine(([from, until]) => from <= until, 'ends before it begins');
const Windows = z
  .array(Window)
  .refine(
    (windows) => windows.every((window, i) => i === 0 || window[0] > (windows[i - 1]?.[1] ?? -1)),
    'must be in order and apart from each other',
  );
const Litres = z.number().min(0).max(1e7);
const Streams = z.array(Id).min(1);

const Location = z.strictObject({
  name: z.string().optional(),
  lat: z.number().min(-90).max(90).optional(),
  lng: z.number().min(-180).max(180).optional(),
});

const StopSchema = z.strictObject({
  id: Id,
  location: Index,
  stream: Id.default('residual'),
  litres: Litres.default(0),
  kg: Litres.default(0),
  serviceSeconds: Whole.default(0),
  windows: Windows.default([]),
  skills: z.array(Id).default([]),
  prize: z.number().min(0).nullable().default(null),
  vehicleId: Id.optional(),
  releaseSeconds: Whole.optional(),
});

const VehicleSchema = z.strictObject({
  id: Id,
  profile: Id.default('truck'),
  start: Index.nullable(),
  end: Index.nullable(),
  shift: Window.default([0, MOST_SECONDS]),
  compartments: z
    .array(
      z.strictObject({
        streams: Streams.nullable().default(null),
        litres: Litres.default(Infinity),
        kg: Litres.default(Infinity),
      }),
    )
    .min(1)
    .max(8),
  skills: z.array(Id).default([]),
  costs: z
    .strictObject({
      fixed: z.number().min(0).default(0),
      perDrivingHour: z.number().min(0).default(0),
      perKm: z.number().min(0).default(1),
    })
    .default({ fixed: 0, perDrivingHour: 0, perKm: 1 }),
  breaks: z.array(z.strictObject({ id: Id, window: Window, seconds: Whole })).default([]),
  mustEndEmpty: z.boolean().default(false),
  maxStops: z.int().min(1).optional(),
  maxDrivingSeconds: Whole.optional(),
  maxMetres: z.int().min(0).optional(),
  maxDrivingBetweenBreaksSeconds: Whole.optional(),
  maxDayLitres: Litres.optional(),
  maxDisposalVisits: z.int().min(0).optional(),
  firstStops: z.array(Id).optional(),
  speedFactor: z.number().min(0.1).max(10).optional(),
});

const Rows = z.array(z.array(z.int().min(0).nullable()));

const File = z.strictObject({
  name: z.string().default('unnamed'),
  locations: z.array(Location).min(1).max(10_000),
  matrices: z.record(Id, z.strictObject({ seconds: Rows, metres: Rows })),
  vehicles: z.array(VehicleSchema).min(1).max(5_000),
  stops: z.array(StopSchema).max(10_000),
  disposalSites: z
    .array(
      z.strictObject({
        id: Id,
        location: Index,
        streams: Streams.nullable().default(null),
        serviceSeconds: Whole.default(0),
        windows: Windows.default([]),
        vehicleIds: z.array(Id).optional(),
      }),
    )
    .default([]),
});

/** The schema of our own problem file, from which its documentation is made. */
export const PROBLEM_FILE = File;

/** Reads our own problem file, already parsed. @throws FormatError that names the place. */
export function readTunnaJson(json: unknown): Problem {
  const result = File.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new FormatError(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'wrong'}`);
  }
  const file = result.data;
  const size = file.locations.length;
  const problem: Problem = {
    name: file.name,
    units: WHOLE_UNITS,
    locations: file.locations.map(({ name, lat, lng }) => ({
      ...(name === undefined ? {} : { name }),
      ...(lat === undefined || lng === undefined ? {} : { position: { lat, lng } }),
    })),
    matrices: new Map(
      Object.entries(file.matrices).map(([profile, { seconds, metres }]) => [
        profile,
        {
          size,
          seconds: flatten(seconds, size, `matrices.${profile}.seconds`),
          metres: flatten(metres, size, `matrices.${profile}.metres`),
        } satisfies Matrix,
      ]),
    ),
    vehicles: file.vehicles.map(withoutUndefined),
    stops: file.stops.map(({ litres, kg, ...stop }) => ({
      ...withoutUndefined(stop),
      amounts: { litres, kg },
    })),
    disposalSites: file.disposalSites.map(withoutUndefined),
  };
  assertReferences(problem);
  return problem;
}

/** `null` stands for "there is no way". */
function flatten(
  rows: readonly (readonly (number | null)[])[],
  size: number,
  where: string,
): Int32Array {
  const bad = rows.findIndex((row) => row.length !== size);
  if (rows.length !== size || bad !== -1) {
    throw new FormatError(`${where}: ${size} rows of ${size} numbers are expected`);
  }
  return Int32Array.from(rows.flat(), (value) => Math.min(value ?? NO_WAY, NO_WAY));
}

/** Everything that names something else must name something that is there, and only one. */
function assertReferences({ locations, matrices, vehicles, stops, disposalSites }: Problem): void {
  assertUnique('vehicles', vehicles);
  assertUnique('stops', stops);
  assertUnique('disposalSites', disposalSites);
  const vehicleIds = new Set(vehicles.map(({ id }) => id));
  const stopIds = new Set(stops.map(({ id }) => id));
  const places: [string, number | null][] = [
    ...vehicles.flatMap(({ id, start, end }): [string, number | null][] => [
      [`vehicle ${id}`, start],
      [`vehicle ${id}`, end],
    ]),
    ...stops.map(({ id, location }): [string, number] => [`stop ${id}`, location]),
    ...disposalSites.map(({ id, location }): [string, number] => [`disposal site ${id}`, location]),
  ];
  for (const [who, location] of places) {
    if (location !== null && location >= locations.length) {
      throw new FormatError(`${who}: there is no location ${location}`);
    }
  }
  for (const vehicle of vehicles) assertVehicle(vehicle, matrices, stopIds);
  for (const { id, vehicleId } of stops) {
    if (vehicleId !== undefined && !vehicleIds.has(vehicleId)) {
      throw new FormatError(`stop ${id}: there is no vehicle ${vehicleId}`);
    }
  }
}

function assertVehicle(
  { id, profile, firstStops = [] }: Vehicle,
  matrices: Problem['matrices'],
  stopIds: ReadonlySet<string>,
): void {
  if (!matrices.has(profile))
    throw new FormatError(`vehicle ${id}: there is no matrix "${profile}"`);
  const unknown = firstStops.find((stop) => !stopIds.has(stop));
  if (unknown !== undefined) throw new FormatError(`vehicle ${id}: there is no stop ${unknown}`);
}

function assertUnique(what: string, things: readonly { readonly id: string }[]): void {
  const seen = new Set<string>();
  for (const { id } of things) {
    if (seen.has(id)) throw new FormatError(`${what}: ${id} is there twice`);
    seen.add(id);
  }
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
