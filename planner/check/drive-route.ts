import type { Route, Visit } from '../problem/plan.ts';
import type { Matrix } from '../problem/matrix.ts';
import type { Problem, Stop, Vehicle, Window } from '../problem/problem.ts';
import { checkWholeRoute } from './check-whole-route.ts';
import { LoadBook } from './load-book.ts';
import { Notes } from './notes.ts';
import { indexProblem } from './problem-index.ts';
import type { ProblemIndex } from './problem-index.ts';
import type { Violation } from './violation.ts';

/** No way is this long: anything at or beyond it means that there is none. */
const NO_WAY = 2 ** 28;

/** A route as it is driven, each visit as early as it can be. */
export interface DrivenRoute {
  readonly violations: readonly Violation[];
  readonly metres: number;
  readonly drivingSeconds: number;
  readonly visits: readonly TimedVisit[];
  readonly startsAt: number;
  readonly endsAt: number;
}

export interface TimedVisit {
  readonly visit: Visit;
  readonly arrival: number;
  /** When service begins; later than the arrival where a window is waited for. */
  readonly start: number;
  readonly departure: number;
  /** Driven from the start until here. */
  readonly metres: number;
  readonly drivingSeconds: number;
}

interface Place {
  readonly location: number | null;
  readonly windows: readonly Window[];
  readonly service: number;
}

/** Drives one route and notes every limit it breaks. Ids that the problem does not know are passed over. */
export function driveRoute(problem: Problem, vehicle: Vehicle, route: Route): DrivenRoute {
  return new Drive(problem, vehicle).run(route);
}

class Drive {
  readonly #index: ProblemIndex;
  readonly #matrix: Matrix;
  readonly #vehicle: Vehicle;
  readonly #notes: Notes;
  readonly #timed: TimedVisit[] = [];
  readonly #loads: LoadBook;
  #at: number | null;
  #clock: number;
  #metres = 0;
  #driving = 0;
  #sinceBreak = 0;

  constructor(problem: Problem, vehicle: Vehicle) {
    const matrix = problem.matrices.get(vehicle.profile);
    if (matrix === undefined) throw new Error(`There is no matrix of profile ${vehicle.profile}`);
    this.#index = indexProblem(problem);
    this.#matrix = matrix;
    this.#vehicle = vehicle;
    this.#notes = new Notes(vehicle.id);
    this.#loads = new LoadBook(vehicle);
    this.#at = vehicle.start;
    this.#clock = vehicle.shift[0];
  }

  run({ visits }: Route): DrivenRoute {
    this.#waitForRelease(visits, 0);
    const startsAt = this.#clock;
    visits.forEach((visit, index) => {
      this.#visit(visit);
      if (visit.kind === 'disposal') this.#waitForRelease(visits, index + 1);
    });
    this.#goTo(this.#vehicle.end);
    checkWholeRoute(this.#vehicle, visits, this.#notes, {
      ...{ endsAt: this.#clock, drivingSeconds: this.#driving, metres: this.#metres },
      ...{ dayLitres: this.#loads.dayLitres, isEmpty: this.#loads.isEmpty() },
    });
    return {
      violations: this.#notes.violations,
      ...{ metres: this.#metres, drivingSeconds: this.#driving },
      ...{ visits: this.#timed, startsAt, endsAt: this.#clock },
    };
  }

  /** A trip begins when all its stops are released. */
  #waitForRelease(visits: readonly Visit[], from: number): void {
    for (let index = from; index < visits.length; index += 1) {
      const visit = visits[index];
      if (visit === undefined || visit.kind === 'disposal') return;
      if (visit.kind !== 'stop') continue;
      const release = this.#index.stops.get(visit.id)?.releaseSeconds ?? 0;
      this.#clock = Math.max(this.#clock, release);
    }
  }

  #visit(visit: Visit): void {
    const place = this.#placeOf(visit);
    if (place === undefined) return;
    if (visit.kind === 'break') {
      this.#sinceBreak = 0;
      this.#notes.close('driving');
    } else this.#goTo(place.location);
    const arrival = this.#clock;
    const start = this.#startOf(place.windows, visit);
    this.#clock = start + place.service;
    this.#timed.push({
      ...{ visit, arrival, start, departure: this.#clock },
      ...{ metres: this.#metres, drivingSeconds: this.#driving },
    });
    if (visit.kind === 'stop') this.#serve(visit.id);
    if (visit.kind === 'disposal') this.#unload(visit.id);
  }

  /** Where and when a visit may be; notes it when the problem knows no such thing. */
  #placeOf({ kind, id }: Visit): Place | undefined {
    if (kind === 'break') {
      const pause = this.#vehicle.breaks.find((one) => one.id === id);
      if (pause !== undefined)
        return { location: null, windows: [pause.window], service: pause.seconds };
      this.#notes.add({ kind: 'unknown-break', breakId: id });
      return undefined;
    }
    const place = kind === 'stop' ? this.#index.stops.get(id) : this.#index.sites.get(id);
    if (place === undefined) {
      // Unknown stops are told once, where stops are counted.
      if (kind === 'disposal') this.#notes.add({ kind: 'unknown-site', siteId: id });
      return undefined;
    }
    const { location, windows, serviceSeconds } = place;
    return { location, windows, service: serviceSeconds };
  }

  #startOf(windows: readonly Window[], visit: Visit): number {
    if (windows.length === 0) return this.#clock;
    const open = windows.find(([, until]) => this.#clock <= until);
    if (open !== undefined) return Math.max(this.#clock, open[0]);
    const closes = windows.reduce((latest, [, until]) => Math.max(latest, until), -Infinity);
    this.#notes.add({
      ...{ kind: 'late', excess: this.#clock - closes, unit: 'seconds' },
      ...whereOf(visit),
    });
    return this.#clock;
  }

  #goTo(location: number | null): void {
    const from = this.#at;
    if (location === null) return;
    this.#at = location;
    if (from === null) return;
    const way = from * this.#matrix.size + location;
    const listedSeconds = this.#matrix.seconds[way] ?? NO_WAY;
    const metres = this.#matrix.metres[way] ?? NO_WAY;
    if (listedSeconds >= NO_WAY || metres >= NO_WAY) this.#notes.add({ kind: 'no-way' });
    const seconds = Math.round(listedSeconds / (this.#vehicle.speedFactor ?? 1));
    this.#metres += metres;
    this.#driving += seconds;
    this.#sinceBreak += seconds;
    this.#clock += seconds;
    const limit = this.#vehicle.maxDrivingBetweenBreaksSeconds ?? Infinity;
    if (this.#sinceBreak <= limit) return;
    const excess = this.#sinceBreak - limit;
    this.#notes.addOnce('driving', { kind: 'too-long-without-break', excess, unit: 'seconds' });
  }

  #serve(id: string): void {
    const stop = this.#index.stops.get(id);
    if (stop === undefined) return;
    this.#checkMayServe(stop);
    const result = this.#loads.take(stop.stream, stop.amounts);
    if (result.kind === 'no-compartment') this.#notes.add({ kind: 'wrong-stream', stopId: id });
    if (result.kind !== 'overloaded') return;
    const { compartment, excess, unit } = result;
    this.#notes.addOnce(`load ${compartment}`, { kind: 'overloaded', stopId: id, excess, unit });
  }

  #checkMayServe({ id, skills, vehicleId }: Stop): void {
    const vehicle = this.#vehicle;
    if (skills.some((skill) => !vehicle.skills.includes(skill))) {
      this.#notes.add({ kind: 'missing-skill', stopId: id });
    }
    if (vehicleId !== undefined && vehicleId !== vehicle.id) {
      this.#notes.add({ kind: 'wrong-vehicle', stopId: id });
    }
  }

  #unload(id: string): void {
    const site = this.#index.sites.get(id);
    if (site === undefined) return;
    const allowed = site.vehicleIds?.includes(this.#vehicle.id) ?? true;
    if (!allowed) this.#notes.add({ kind: 'wrong-vehicle', siteId: id });
    for (const compartment of this.#loads.unload(site.streams)) {
      this.#notes.close(`load ${compartment}`);
    }
  }
}

function whereOf({ kind, id }: Visit): Pick<Violation, 'stopId' | 'siteId' | 'breakId'> {
  if (kind === 'stop') return { stopId: id };
  return kind === 'disposal' ? { siteId: id } : { breakId: id };
}
