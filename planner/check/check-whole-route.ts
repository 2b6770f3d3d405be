import type { Visit } from '../problem/plan.ts';
import type { Vehicle } from '../problem/problem.ts';
import type { Notes } from './notes.ts';
import type { ExcessUnit, ViolationKind } from './violation.ts';

/** What a route came to. */
export interface RouteTotals {
  readonly endsAt: number;
  readonly drivingSeconds: number;
  readonly metres: number;
  readonly dayLitres: number;
  readonly isEmpty: boolean;
}

/** Fractions of litres do not add up exactly. */
const TOLERANCE = 1e-6;

/** Notes what a route breaks as a whole: its length, its counts, its breaks, its order. */
export function checkWholeRoute(
  vehicle: Vehicle,
  visits: readonly Visit[],
  notes: Notes,
  totals: RouteTotals,
): void {
  const idsOf = (kind: Visit['kind']): string[] =>
    visits.flatMap((visit) => (visit.kind === kind ? [visit.id] : []));
  const stops = idsOf('stop');
  const limits: readonly (readonly [ViolationKind, ExcessUnit, number, number | undefined])[] = [
    ['too-long-shift', 'seconds', totals.endsAt, vehicle.shift[1]],
    ['too-much-driving', 'seconds', totals.drivingSeconds, vehicle.maxDrivingSeconds],
    ['too-far', 'metres', totals.metres, vehicle.maxMetres],
    ['too-many-stops', 'visits', stops.length, vehicle.maxStops],
    ['too-many-disposals', 'visits', idsOf('disposal').length, vehicle.maxDisposalVisits],
    ['too-much-in-a-day', 'litres', totals.dayLitres, vehicle.maxDayLitres],
  ];
  for (const [kind, unit, value, limit = Infinity] of limits) {
    if (value > limit + TOLERANCE) notes.add({ kind, excess: value - limit, unit });
  }
  if (vehicle.mustEndEmpty && !totals.isEmpty) notes.add({ kind: 'not-emptied' });
  checkBreaks(vehicle, idsOf('break'), notes);
  const { firstStops = [] } = vehicle;
  const outOfOrder = firstStops.find((id, index) => stops[index] !== id);
  if (outOfOrder !== undefined) notes.add({ kind: 'first-stops', stopId: outOfOrder });
}

/** Each break of the vehicle is taken once. */
function checkBreaks({ breaks }: Vehicle, taken: readonly string[], notes: Notes): void {
  for (const { id } of breaks) {
    const times = taken.filter((one) => one === id).length;
    if (times !== 1) notes.add({ kind: 'no-break', breakId: id });
  }
}
