import { WHOLE_UNITS } from '../problem/problem.ts';
import type { Break, DisposalSite, Problem, Stop, Vehicle, Window } from '../problem/problem.ts';
import { NO_WAY } from '../problem/matrix.ts';
import { FormatError } from './format-error.ts';
import { assertUnique, MOST_SECONDS, readShape } from './json-shapes.ts';
import { readAmounts } from './vroom-amounts.ts';
import type { VroomAmounts } from './vroom-amounts.ts';
import { readPlaces } from './vroom-places.ts';
import type { VroomPlaces } from './vroom-places.ts';
import { VROOM_FILE } from './vroom-shape.ts';
import type { VroomFile, VroomJob, VroomVehicle } from './vroom-shape.ts';

const DAY_SECONDS = 86_400;

/** What every part of a file is read with. */
interface Reading {
  readonly places: VroomPlaces;
  readonly amounts: VroomAmounts;
  readonly origin: number;
  readonly prizeStep: number;
}

/** Whether parsed JSON looks like a problem of VROOM's. */
export function isVroom(json: unknown): boolean {
  return typeof json === 'object' && json !== null && ('jobs' in json || 'shipments' in json);
}

/**
 * Reads a problem as VROOM 1.15 documents it (docs/API.md), with matrices, and with `disposal_sites` beside the jobs. Every job may be
 * left out, as in VROOM; its prize grows with its priority, while VROOM puts priorities before any cost. What the model has no
 * place for is refused: shipments, custom costs, times by vehicle type, breaks with several windows or a `max_load`.
 * @throws FormatError that names the place.
 */
export function readVroom(json: unknown): Problem {
  const file = readShape(VROOM_FILE, json);
  assertKnown(file);
  assertUnique('vehicles', file.vehicles);
  assertUnique('jobs', file.jobs);
  assertUnique('disposal_sites', file.disposal_sites);
  const places = readPlaces(file);
  const origin = findOrigin(file);
  const prizeStep = findPrizeStep(file, places);
  const reading: Reading = { places, amounts: readAmounts(file), origin, prizeStep };
  const { matrices, locations } = places;
  return {
    ...{ name: 'vroom', units: WHOLE_UNITS, locations, matrices, notes: findNotes(file) },
    ...(origin === 0 ? {} : { timeOrigin: origin }),
    vehicles: file.vehicles.map((vehicle, index) => readVehicle(vehicle, index, reading)),
    stops: file.jobs.map((job, index) => readJob(job, index, reading)),
    disposalSites: file.disposal_sites.map((site, index): DisposalSite => ({
      id: String(site.id),
      location: places.indexOf(site.location_index, `disposal_sites.${index}.location_index`),
      streams: null,
      serviceSeconds: site.service,
      windows: site.time_windows.map((window) => sinceOrigin(window, origin)),
    })),
  };
}

/** @throws FormatError for what would change the plan and has no place in the model. */
function assertKnown({ shipments, jobs, vehicles }: VroomFile): void {
  const refuse = (where: string): never => {
    throw new FormatError(`${where}: not known here`);
  };
  if (shipments.length > 0) refuse('shipments');
  jobs.forEach((job, index) => {
    if (isSaid(job.setup_per_type)) refuse(`jobs.${index}.setup_per_type`);
    if (isSaid(job.service_per_type)) refuse(`jobs.${index}.service_per_type`);
  });
  vehicles.forEach(({ costs, breaks }, index) => {
    const where = `vehicles.${index}`;
    if (costs.per_task_hour > 0) refuse(`${where}.costs.per_task_hour`);
    breaks.forEach(({ max_load: maxLoad, time_windows: windows }, number) => {
      if (maxLoad !== undefined) refuse(`${where}.breaks.${number}.max_load`);
      if (windows.length > 1) refuse(`${where}.breaks.${number}.time_windows.1`);
    });
  });
}

function isSaid(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function findNotes({ jobs, vehicles }: VroomFile): string[] {
  const notes: string[] = [];
  if (jobs.some(({ priority }) => priority > 0)) {
    notes.push('priorities are prizes here: many jobs of a low one may outweigh one of a high one');
  }
  if (jobs.some(({ setup }) => setup > 0)) {
    notes.push('setup is part of service here, also when the job before is at the same place');
  }
  if (vehicles.some((vehicle) => vehicle['steps'] !== undefined)) {
    notes.push('steps of vehicles are not known and are passed over');
  }
  return notes;
}

/** Midnight of the first day, when times count from 1970; 0 when they count from a midnight already. */
function findOrigin({ vehicles, jobs, disposal_sites: sites }: VroomFile): number {
  const windows = [
    ...vehicles.flatMap(({ time_window: window }) => (window === undefined ? [] : [window])),
    ...[...jobs, ...sites].flatMap(({ time_windows: all }) => all),
    ...vehicles.flatMap(({ breaks }) => breaks.flatMap(({ time_windows: all }) => all)),
  ];
  const first = windows.reduce((least, [from]) => Math.min(least, from), Infinity);
  const last = windows.reduce((most, [, until]) => Math.max(most, until), 0);
  return last <= MOST_SECONDS ? 0 : Math.floor(first / DAY_SECONDS) * DAY_SECONDS;
}

function sinceOrigin([from, until]: readonly [number, number], origin: number): Window {
  const start = from - origin;
  if (start > MOST_SECONDS)
    throw new FormatError(`${from} is more than two years after the first time`);
  return [start, Math.min(until - origin, MOST_SECONDS)];
}

/** More than what one job can cost: a vehicle of its own, there and back. */
function findPrizeStep({ vehicles }: VroomFile, { matrices }: VroomPlaces): number {
  const longest = (ways: Int32Array): number =>
    ways.reduce((most, way) => (way < NO_WAY ? Math.max(most, way) : most), 0);
  const longestOf = new Map(
    [...matrices].map(([profile, { seconds, metres }]) => [
      profile,
      { seconds: longest(seconds), metres: longest(metres) },
    ]),
  );
  const dearest = vehicles.reduce((most, { profile, costs, speed_factor: speed = 1 }) => {
    const { seconds, metres } = longestOf.get(profile) ?? { seconds: 0, metres: 0 };
    const way = (costs.per_hour * seconds) / speed / 3600 + (costs.per_km * metres) / 1000;
    return Math.max(most, costs.fixed + 2 * way);
  }, 0);
  return Math.ceil(dearest) + 1;
}

function readVehicle(vehicle: VroomVehicle, index: number, reading: Reading): Vehicle {
  const { places, amounts, origin } = reading;
  const where = `vehicles.${index}`;
  const { profile, costs, start, start_index: from, end, end_index: to } = vehicle;
  if (!places.matrices.has(profile)) {
    throw new FormatError(`${where}.profile: there is no matrix "${profile}"`);
  }
  const place = (row: number | undefined, at: unknown, name: string): number | null =>
    row === undefined && at === undefined ? null : places.indexOf(row, `${where}.${name}`);
  const shift: Window = sinceOrigin(vehicle.time_window ?? [origin, origin + MOST_SECONDS], origin);
  const { speed_factor: speedFactor, max_tasks: maxStops } = vehicle;
  const { max_travel_time: maxDrivingSeconds, max_distance: maxMetres } = vehicle;
  return {
    ...{ id: String(vehicle.id), profile, shift, mustEndEmpty: false },
    start: place(from, start, 'start_index'),
    end: place(to, end, 'end_index'),
    compartments: amounts.compartments(vehicle),
    skills: vehicle.skills.map(String),
    costs: { fixed: costs.fixed, perDrivingHour: costs.per_hour, perKm: costs.per_km },
    breaks: vehicle.breaks.map(({ id, time_windows: [window], service }): Break => ({
      id: String(id),
      window: window === undefined ? shift : sinceOrigin(window, origin),
      seconds: service,
    })),
    ...(speedFactor === undefined ? {} : { speedFactor }),
    ...(maxStops === undefined ? {} : { maxStops }),
    ...(maxDrivingSeconds === undefined ? {} : { maxDrivingSeconds }),
    ...(maxMetres === undefined ? {} : { maxMetres }),
  };
}

function readJob(
  job: VroomJob,
  index: number,
  { places, amounts, origin, prizeStep }: Reading,
): Stop {
  return {
    id: String(job.id),
    location: places.indexOf(job.location_index, `jobs.${index}.location_index`),
    ...amounts.load(job),
    serviceSeconds: job.setup + job.service,
    windows: job.time_windows.map((window) => sinceOrigin(window, origin)),
    skills: job.skills.map(String),
    prize: (1 + job.priority) * prizeStep,
  };
}
