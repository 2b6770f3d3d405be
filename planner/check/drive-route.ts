import type { Route, Visit } from '../problem/plan.ts';
import type { Problem, Vehicle, Window } from '../problem/problem.ts';
import { LoadBook } from './load-book.ts';
import type { Violation, ViolationKind } from './violation.ts';

/** No way is this long: anything at or beyond it means that there is none. */
const NO_WAY = 2 ** 28;

/** A route as it is driven, each visit as early as it can be. */
export interface DrivenRoute {
  readonly violations: readonly Violation[];
  readonly metres: number;
  readonly drivingSeconds: number;
  readonly visits: readonly TimedVisit[];
  readonly endsAt: number;
}

export interface TimedVisit {
  readonly visit: Visit;
  readonly arrival: number;
  /** When service begins; later than the arrival where a window is waited for. */
  readonly start: number;
  readonly departure: number;
}

interface Place {
  readonly location: number | null;
  readonly windows: readonly Window[];
  readonly service: number;
}

/** Drives one route and notes every limit it breaks. */
export function driveRoute(problem: Problem, vehicle: Vehicle, route: Route): DrivenRoute {
  return new Drive(problem, vehicle).run(route);
}

class Drive {
  readonly #problem: Problem;
  readonly #vehicle: Vehicle;
  readonly #violations: Violation[] = [];
  readonly #timed: TimedVisit[] = [];
  readonly #loads: LoadBook;
  #at: number | null;
  #clock: number;
  #metres = 0;
  #driving = 0;
  #sinceBreak = 0;

  constructor(problem: Problem, vehicle: Vehicle) {
    this.#problem = problem;
    this.#vehicle = vehicle;
    this.#loads = new LoadBook(vehicle);
    this.#at = vehicle.start;
    this.#clock = vehicle.shift[0];
  }

  run({ visits }: Route): DrivenRoute {
    this.#waitForRelease(visits, 0);
    visits.forEach((visit, index) => {
      this.#visit(visit);
      if (visit.kind === 'disposal') this.#waitForRelease(visits, index + 1);
    });
    this.#goTo(this.#vehicle.end);
    this.#checkWhole(visits);
    return {
      violations: this.#violations,
      ...{ metres: this.#metres, drivingSeconds: this.#driving },
      ...{ visits: this.#timed, endsAt: this.#clock },
    };
  }

  #note(kind: ViolationKind, excess?: number, stopId?: string): void {
    this.#violations.push({
      ...{ kind, vehicleId: this.#vehicle.id },
      ...(excess === undefined ? {} : { excess }),
      ...(stopId === undefined ? {} : { stopId }),
    });
  }

  /** A trip begins when all its stops are released. */
  #waitForRelease(visits: readonly Visit[], from: number): void {
    for (const { kind, id } of visits.slice(from)) {
      if (kind === 'disposal') return;
      if (kind !== 'stop') continue;
      const release = this.#problem.stops.find((stop) => stop.id === id)?.releaseSeconds ?? 0;
      this.#clock = Math.max(this.#clock, release);
    }
  }

  #visit(visit: Visit): void {
    const place = this.#placeOf(visit);
    if (place === undefined) return;
    if (visit.kind === 'break') this.#sinceBreak = 0;
    else this.#goTo(place.location);
    const arrival = this.#clock;
    const start = this.#startOf(place.windows, visit);
    this.#clock = start + place.service;
    this.#timed.push({ visit, arrival, start, departure: this.#clock });
    if (visit.kind === 'stop') this.#serve(visit.id);
    if (visit.kind === 'disposal') this.#unload(visit.id);
  }

  /** Where and when a visit may be; notes it when the problem knows no such thing. */
  #placeOf({ kind, id }: Visit): Place | undefined {
    if (kind === 'break') {
      const pause = this.#vehicle.breaks.find((one) => one.id === id);
      if (pause !== undefined)
        return { location: null, windows: [pause.window], service: pause.seconds };
      this.#note('unknown-break');
      return undefined;
    }
    const { stops, disposalSites } = this.#problem;
    const place = (kind === 'stop' ? stops : disposalSites).find((one) => one.id === id);
    if (place === undefined) {
      if (kind === 'disposal') this.#note('unknown-site');
      return undefined;
    }
    const { location, windows, serviceSeconds } = place;
    return { location, windows, service: serviceSeconds };
  }

  #startOf(windows: readonly Window[], visit: Visit): number {
    if (windows.length === 0) return this.#clock;
    const open = windows.find(([, until]) => this.#clock <= until);
    if (open !== undefined) return Math.max(this.#clock, open[0]);
    const closes = Math.max(...windows.map(([, until]) => until));
    this.#note('late', this.#clock - closes, visit.kind === 'stop' ? visit.id : undefined);
    return this.#clock;
  }

  #goTo(location: number | null): void {
    const from = this.#at;
    if (location === null) return;
    this.#at = location;
    if (from === null) return;
    const matrix = this.#problem.matrices.get(this.#vehicle.profile);
    if (matrix === undefined)
      throw new Error(`There is no matrix of profile ${this.#vehicle.profile}`);
    const way = from * matrix.size + location;
    const seconds = Math.round((matrix.seconds[way] ?? 0) / (this.#vehicle.speedFactor ?? 1));
    if ((matrix.seconds[way] ?? 0) >= NO_WAY || (matrix.metres[way] ?? 0) >= NO_WAY)
      this.#note('no-way');
    this.#metres += matrix.metres[way] ?? 0;
    this.#driving += seconds;
    this.#sinceBreak += seconds;
    this.#clock += seconds;
    const limit = this.#vehicle.maxDrivingBetweenBreaksSeconds ?? Infinity;
    if (this.#sinceBreak > limit) this.#note('too-long-without-break', this.#sinceBreak - limit);
  }

  #serve(id: string): void {
    const stop = this.#problem.stops.find((one) => one.id === id);
    if (stop === undefined) return;
    const missing = stop.skills.some((skill) => !this.#vehicle.skills.includes(skill));
    if (missing) this.#note('missing-skill', undefined, id);
    if (stop.vehicleId !== undefined && stop.vehicleId !== this.#vehicle.id) {
      this.#note('wrong-vehicle', undefined, id);
    }
    const result = this.#loads.take(stop.stream, stop.amounts);
    if (result.kind === 'no-compartment') this.#note('wrong-stream', undefined, id);
    if (result.kind === 'overloaded') this.#note('overloaded', result.excess, id);
  }

  #unload(id: string): void {
    const site = this.#problem.disposalSites.find((one) => one.id === id);
    if (site === undefined) return;
    const allowed = site.vehicleIds?.includes(this.#vehicle.id) ?? true;
    if (!allowed) this.#note('wrong-vehicle');
    this.#loads.unload(site.streams);
  }

  #checkWhole(visits: readonly Visit[]): void {
    const { shift, maxDrivingSeconds, maxMetres, maxStops, mustEndEmpty, breaks } = this.#vehicle;
    const { maxDayLitres, maxDisposalVisits, firstStops = [] } = this.#vehicle;
    const idsOf = (kind: Visit['kind']): string[] =>
      visits.flatMap((visit) => (visit.kind === kind ? [visit.id] : []));
    this.#limit('too-long-shift', this.#clock, shift[1]);
    this.#limit('too-much-driving', this.#driving, maxDrivingSeconds);
    this.#limit('too-far', this.#metres, maxMetres);
    this.#limit('too-many-stops', idsOf('stop').length, maxStops);
    this.#limit('too-many-disposals', idsOf('disposal').length, maxDisposalVisits);
    this.#limit('too-much-in-a-day', this.#loads.dayLitres, maxDayLitres);
    if (mustEndEmpty && !this.#loads.isEmpty()) this.#note('not-emptied');
    const taken = idsOf('break').toSorted();
    const due = breaks.map(({ id }) => id).toSorted();
    if (taken.join('\n') !== due.join('\n')) this.#note('no-break');
    const served = idsOf('stop');
    if (firstStops.some((id, index) => served[index] !== id)) this.#note('first-stops');
  }

  #limit(kind: ViolationKind, value: number, limit: number | undefined): void {
    // Litres may have fractions, whose sum is not exact.
    if (limit !== undefined && value > limit + 1e-6) this.#note(kind, value - limit);
  }
}
