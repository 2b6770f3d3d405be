import type { DrivenRoute, TimedVisit } from '../check/drive-route.ts';
import { LoadBook } from '../check/load-book.ts';
import { indexProblem } from '../check/problem-index.ts';
import type { Problem, Vehicle } from '../problem/problem.ts';
import type { Entry, StopDetails } from './run-sheet.ts';
import type { SheetFacts, StopFacts } from './sheet-facts.ts';

const NOTHING = { litres: 0, kg: 0 };

/** The lines of a route: where it starts, every visit with what is aboard afterwards, and where it ends. */
export function makeEntries(
  problem: Problem,
  vehicle: Vehicle,
  driven: DrivenRoute,
  facts: SheetFacts,
): readonly Entry[] {
  const loads = new LoadBook(vehicle);
  let number = 0;
  const visits = driven.visits.map((timed): Entry => {
    if (timed.visit.kind === 'stop') number += 1;
    return makeVisit(problem, timed, { facts, loads, number });
  });
  const start = makeEndpoint(problem, 'start', vehicle.start, {
    ...{ at: driven.startsAt, metres: 0, drivingSeconds: 0, loadAfter: NOTHING },
  });
  const { endsAt: at, metres, drivingSeconds } = driven;
  const end = makeEndpoint(problem, 'end', vehicle.end, {
    ...{ at, metres, drivingSeconds, loadAfter: loads.aboard() },
  });
  return [...(start ?? []), ...visits, ...(end ?? [])];
}

/** `undefined` where a route begins or ends at one of its visits. */
function makeEndpoint(
  { locations, units }: Problem,
  kind: 'start' | 'end',
  location: number | null,
  {
    at,
    metres,
    drivingSeconds,
    loadAfter,
  }: Pick<Entry, 'loadAfter' | 'metres' | 'drivingSeconds'> & { readonly at: number },
): [Entry] | undefined {
  if (location === null) return undefined;
  const place = locations[location];
  const time = at / units.perSecond;
  return [
    {
      ...{ kind, id: '', name: place?.name ?? '', address: null, location, stop: null },
      position: place?.position ?? null,
      ...{ arrival: time, begins: time, departure: time, loadAfter },
      metres: metres / units.perMetre,
      drivingSeconds: drivingSeconds / units.perSecond,
    },
  ];
}

interface Progress {
  readonly facts: SheetFacts;
  /** Everything before this visit is in it. */
  readonly loads: LoadBook;
  /** Stops so far, this one included. */
  readonly number: number;
}

function makeVisit(problem: Problem, timed: TimedVisit, { facts, loads, number }: Progress): Entry {
  const { kind, id } = timed.visit;
  const { perSecond, perMetre } = problem.units;
  const what = kind === 'stop' ? serve(problem, id, { facts, loads, number }) : undefined;
  const site = kind === 'disposal' ? unload(problem, id, { facts, loads }) : undefined;
  const location = what?.location ?? site?.location ?? null;
  const place = location === null ? undefined : problem.locations[location];
  const known = what?.known;
  return {
    ...{ kind, id, location, stop: what?.stop ?? null, address: known?.address ?? null },
    name: known?.name ?? site?.name ?? place?.name ?? (kind === 'break' ? '' : id),
    position: known?.position ?? place?.position ?? null,
    arrival: timed.arrival / perSecond,
    begins: timed.start / perSecond,
    departure: timed.departure / perSecond,
    loadAfter: loads.aboard(),
    metres: timed.metres / perMetre,
    drivingSeconds: timed.drivingSeconds / perSecond,
  };
}

/** Takes a stop's waste aboard. */
function serve(
  problem: Problem,
  id: string,
  { facts, loads, number }: Progress,
): { location: number; known: StopFacts | undefined; stop: StopDetails } | undefined {
  const stop = indexProblem(problem).stops.get(id);
  if (stop === undefined) return undefined;
  loads.take(stop.stream, stop.amounts);
  const known = facts.stop?.(id);
  return {
    location: stop.location,
    known,
    stop: {
      ...{ number, stream: stop.stream, amounts: stop.amounts },
      level: known?.level ?? null,
      reason: known?.reason ?? null,
      accessNote: known?.accessNote ?? null,
    },
  };
}

function unload(
  problem: Problem,
  id: string,
  { facts, loads }: Omit<Progress, 'number'>,
): { location: number; name: string | undefined } | undefined {
  const site = indexProblem(problem).sites.get(id);
  if (site === undefined) return undefined;
  loads.unload(site.streams);
  return { location: site.location, name: facts.siteName?.(id) };
}
