import { z } from 'zod';
import { NO_WAY } from '../problem/matrix.ts';
import type { Matrix } from '../problem/matrix.ts';
import { WHOLE_UNITS } from '../problem/problem.ts';
import type { Break, DisposalSite, Problem, Stop, Vehicle, Window } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';

/** A time that no route reaches. */
const FOREVER = 1 << 26;
/** Dearer than any way, so that priorities are served first, as VROOM does. */
const PRIORITY_STEP = 1e5;

const Pair = z.tuple([z.number(), z.number()]);
const Whole = z.int().min(0);
const Amount = z.array(z.number().min(0));
const Task = {
  id: z.int(),
  description: z.string().optional(),
  location: Pair.optional(),
  location_index: Whole.optional(),
};

const Job = z.looseObject({
  ...Task,
  setup: Whole.default(0),
  service: Whole.default(0),
  delivery: Amount.optional(),
  pickup: Amount.optional(),
  skills: z.array(z.int()).default([]),
  priority: z.int().min(0).max(100).optional(),
  time_windows: z.array(z.tuple([Whole, Whole])).default([]),
});

const VehicleSchema = z.looseObject({
  id: z.int(),
  profile: z.string().default('car'),
  start: Pair.optional(),
  start_index: Whole.optional(),
  end: Pair.optional(),
  end_index: Whole.optional(),
  capacity: Amount.optional(),
  costs: z
    .looseObject({
      fixed: z.number().default(0),
      per_hour: z.number().default(3600),
      per_km: z.number().default(0),
    })
    .default({ fixed: 0, per_hour: 3600, per_km: 0 }),
  skills: z.array(z.int()).default([]),
  time_window: z.tuple([Whole, Whole]).optional(),
  breaks: z
    .array(
      z.looseObject({
        id: z.int(),
        time_windows: z.array(z.tuple([Whole, Whole])).min(1),
        service: Whole.default(0),
      }),
    )
    .default([]),
  speed_factor: z.number().positive().optional(),
  max_tasks: Whole.optional(),
  max_travel_time: Whole.optional(),
  max_distance: Whole.optional(),
});

const Rows = z.array(z.array(z.number().min(0)));

const File = z.looseObject({
  vehicles: z.array(VehicleSchema).min(1),
  jobs: z.array(Job).default([]),
  shipments: z.array(z.unknown()).default([]),
  matrices: z
    .record(
      z.string(),
      z.looseObject({ durations: Rows, distances: Rows.optional(), costs: z.unknown().optional() }),
    )
    .optional(),
  /** Our own addition, which VROOM ignores. */
  disposal_sites: z
    .array(
      z.looseObject({
        ...Task,
        service: Whole.default(0),
        time_windows: z.array(z.tuple([Whole, Whole])).default([]),
      }),
    )
    .default([]),
});

type VroomFile = z.output<typeof File>;

/** Whether parsed JSON looks like a problem of VROOM's. */
export function isVroom(json: unknown): boolean {
  return typeof json === 'object' && json !== null && ('jobs' in json || 'shipments' in json);
}

/**
 * Reads a problem as VROOM 1.15 documents it (docs/API.md), with matrices. Shipments, several capacities and custom cost
 * matrices are not known here, and said so. A job with a priority is optional, at a prize that grows with it.
 * @throws FormatError that names the place.
 */
export function readVroom(json: unknown): Problem {
  const result = File.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new FormatError(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'wrong'}`);
  }
  const file = result.data;
  if (file.shipments.length > 0) throw new FormatError('shipments: not known here');
  const matrices = readMatrices(file);
  const size = Math.max(0, ...[...matrices.values()].map((matrix) => matrix.size));
  const locations = readLocations(file, size);
  return {
    name: 'vroom',
    units: WHOLE_UNITS,
    locations: Array.from({ length: size }, (_, index) => locations.get(index) ?? {}),
    matrices,
    vehicles: file.vehicles.map((vehicle) => readVehicle(vehicle, size)),
    stops: file.jobs.map((job) => readJob(job, size)),
    disposalSites: file.disposal_sites.map((site): DisposalSite => ({
      id: String(site.id),
      location: indexOf(site.location_index, `disposal site ${site.id}`, size),
      streams: null,
      serviceSeconds: site.service,
      windows: site.time_windows,
    })),
  };
}

function readMatrices({ matrices }: VroomFile): Map<string, Matrix> {
  if (matrices === undefined) {
    throw new FormatError('matrices: missing; ways are not asked of a routing engine here');
  }
  return new Map(
    Object.entries(matrices).map(([profile, { durations, distances, costs }]) => {
      if (costs !== undefined) throw new FormatError(`matrices.${profile}.costs: not known here`);
      const size = durations.length;
      const seconds = flatten(durations, size, `matrices.${profile}.durations`);
      const metres = distances
        ? flatten(distances, size, `matrices.${profile}.distances`)
        : seconds;
      return [profile, { size, seconds, metres }];
    }),
  );
}

function flatten(rows: readonly (readonly number[])[], size: number, where: string): Int32Array {
  if (rows.length !== size || rows.some((row) => row.length !== size)) {
    throw new FormatError(`${where}: ${size} rows of ${size} numbers are expected`);
  }
  return Int32Array.from(rows.flat(), (value) => Math.min(Math.round(value), NO_WAY));
}

function readLocations(
  { vehicles, jobs }: VroomFile,
  size: number,
): Map<number, { position: { lat: number; lng: number } }> {
  const known = new Map<number, { position: { lat: number; lng: number } }>();
  const note = (index: number | undefined, at: readonly [number, number] | undefined): void => {
    if (index === undefined || at === undefined || index >= size) return;
    known.set(index, { position: { lng: at[0], lat: at[1] } });
  };
  for (const { start_index, start, end_index, end } of vehicles) {
    note(start_index, start);
    note(end_index, end);
  }
  for (const { location_index, location } of jobs) note(location_index, location);
  return known;
}

function indexOf(index: number | undefined, who: string, size: number): number {
  if (index === undefined) throw new FormatError(`${who}: location_index is missing`);
  if (index >= size) throw new FormatError(`${who}: there is no location ${index}`);
  return index;
}

function readVehicle(vehicle: VroomFile['vehicles'][number], size: number): Vehicle {
  const who = `vehicle ${vehicle.id}`;
  const capacity = one(vehicle.capacity, `${who}: capacity`);
  const shift: Window = vehicle.time_window ?? [0, FOREVER];
  return {
    id: String(vehicle.id),
    profile: vehicle.profile,
    start: vehicle.start_index === undefined ? null : indexOf(vehicle.start_index, who, size),
    end: vehicle.end_index === undefined ? null : indexOf(vehicle.end_index, who, size),
    shift,
    compartments: [{ streams: null, litres: capacity ?? Infinity, kg: Infinity }],
    skills: vehicle.skills.map(String),
    costs: {
      fixed: vehicle.costs.fixed,
      perDrivingHour: vehicle.costs.per_hour,
      perKm: vehicle.costs.per_km,
    },
    breaks: vehicle.breaks.map((pause) => readBreak(pause, who)),
    mustEndEmpty: false,
    ...(vehicle.speed_factor === undefined ? {} : { speedFactor: vehicle.speed_factor }),
    ...(vehicle.max_tasks === undefined ? {} : { maxStops: vehicle.max_tasks }),
    ...(vehicle.max_travel_time === undefined
      ? {}
      : { maxDrivingSeconds: vehicle.max_travel_time }),
    ...(vehicle.max_distance === undefined ? {} : { maxMetres: vehicle.max_distance }),
  };
}

function readBreak(
  { id, time_windows: windows, service }: VroomFile['vehicles'][number]['breaks'][number],
  who: string,
): Break {
  const [window, ...more] = windows;
  if (window === undefined || more.length > 0) {
    throw new FormatError(`${who}: break ${id} must have one time window`);
  }
  return { id: String(id), window, seconds: service };
}

function readJob(job: VroomFile['jobs'][number], size: number): Stop {
  const who = `job ${job.id}`;
  if (job.pickup !== undefined && job.delivery !== undefined) {
    throw new FormatError(`${who}: both pickup and delivery are not known here`);
  }
  return {
    id: String(job.id),
    location: indexOf(job.location_index, who, size),
    stream: 'any',
    amounts: { litres: one(job.pickup ?? job.delivery, `${who}: amount`) ?? 0, kg: 0 },
    serviceSeconds: job.setup + job.service,
    windows: job.time_windows,
    skills: job.skills.map(String),
    prize: (1 + (job.priority ?? 0)) * PRIORITY_STEP,
  };
}

function one(amounts: readonly number[] | undefined, where: string): number | undefined {
  if (amounts !== undefined && amounts.length > 1) {
    throw new FormatError(`${where}: more than one dimension is not known here`);
  }
  return amounts?.[0];
}
