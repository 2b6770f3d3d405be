import type { Violation, ViolationKind } from '../check/violation.ts';
import type { Entry, LeftOut, Load, Position, RunSheet, SheetRoute, Totals } from './run-sheet.ts';
import { numberIds } from './vroom-ids.ts';
import type { VroomIds } from './vroom-ids.ts';

/** VROOM's names of the limits it knows (docs/API.md, violations). What it has no name for is not told there. */
const CAUSES: Partial<Record<ViolationKind, string>> = {
  late: 'delay',
  overloaded: 'load',
  'too-many-stops': 'max_tasks',
  'missing-skill': 'skills',
  'no-break': 'missing_break',
  'too-much-driving': 'max_travel_time',
  'too-far': 'max_distance',
};

/**
 * A solution in VROOM's form (docs/API.md of VROOM 1.14, Output): whole seconds and metres, times since midnight, positions
 * longitude first. VROOM knows no disposal sites: a visit to one is a step of type `job` with a number of its own, whose
 * description begins with `disposal: `. Priorities are 0: our prizes are no priorities.
 */
export function toVroomJson(sheet: RunSheet): string {
  const ids = numberIds(sheet);
  const dimensions = usesKg(sheet) ? 2 : 1;
  const routes = sheet.routes.map((route) => toRoute(sheet, route, { ids, dimensions }));
  const solution = {
    code: 0,
    summary: {
      ...toSums(
        sheet.totals,
        sheet.routes.flatMap(({ entries }) => entries),
        dimensions,
      ),
      routes: routes.length,
      unassigned: sheet.leftOut.length,
      violations: toViolations(sheet.violations),
    },
    unassigned: sheet.leftOut.map((left) => toUnassigned(left, ids)),
    routes,
  };
  return `${JSON.stringify(solution, null, 2)}\n`;
}

interface Form {
  readonly ids: VroomIds;
  /** Of amounts: litres, and kilograms where there are any. */
  readonly dimensions: 1 | 2;
}

function toRoute(sheet: RunSheet, route: SheetRoute, form: Form): object {
  const own = sheet.violations.filter(({ vehicleId }) => vehicleId === route.vehicleId);
  return {
    vehicle: form.ids.vehicle(route.vehicleId),
    description: route.vehicleName,
    ...toSums(route.totals, route.entries, form.dimensions),
    violations: toViolations(own),
    steps: route.entries.map((entry) => toStep(entry, own, form)),
  };
}

function toSums(totals: Totals, entries: readonly Entry[], dimensions: 1 | 2): object {
  const sum = (pick: (entry: Entry) => number): number =>
    entries.reduce((all, entry) => all + Math.round(pick(entry)), 0);
  return {
    cost: Math.round(totals.cost),
    setup: 0,
    service: sum(serviceOf),
    duration: Math.round(totals.drivingSeconds),
    waiting_time: sum(waitingOf),
    priority: 0,
    delivery: Array.from({ length: dimensions }, () => 0),
    pickup: toAmounts(totals.collected, dimensions),
    distance: Math.round(totals.metres),
  };
}

function toStep(entry: Entry, violations: readonly Violation[], form: Form): object {
  const { kind, id, position, location } = entry;
  const own = violations.filter(({ stopId }) => kind === 'stop' && stopId === id);
  return {
    type: kind === 'stop' || kind === 'disposal' ? 'job' : kind,
    ...toNames(entry, form.ids),
    ...toPlace(position, location),
    arrival: Math.round(entry.arrival),
    duration: Math.round(entry.drivingSeconds),
    setup: 0,
    service: Math.round(serviceOf(entry)),
    waiting_time: Math.round(waitingOf(entry)),
    load: toAmounts(entry.loadAfter, form.dimensions),
    distance: Math.round(entry.metres),
    violations: toViolations(own),
  };
}

/** A step's number, and in words what the number stands for. */
function toNames({ kind, id, name }: Entry, ids: VroomIds): object {
  if (kind === 'start' || kind === 'end') return {};
  const number = { stop: ids.stop, disposal: ids.disposal, break: ids.break }[kind](id);
  const description = kind === 'disposal' ? `disposal: ${name}` : name;
  return { id: number, ...(description === '' ? {} : { description }) };
}

function toUnassigned({ id, name, position, location }: LeftOut, ids: VroomIds): object {
  return { id: ids.stop(id), type: 'job', description: name, ...toPlace(position, location) };
}

function toPlace(position: Position | null, location: number | null): object {
  return {
    ...(position === null ? {} : { location: [position.lng, position.lat] }),
    ...(location === null ? {} : { location_index: location }),
  };
}

function serviceOf({ begins, departure }: Entry): number {
  return departure - begins;
}

function waitingOf({ arrival, begins }: Entry): number {
  return begins - arrival;
}

function toAmounts({ litres, kg }: Load, dimensions: 1 | 2): number[] {
  return [Math.round(litres), Math.round(kg)].slice(0, dimensions);
}

function toViolations(violations: readonly Violation[]): object[] {
  return violations.flatMap(({ kind, excess }) => {
    const cause = CAUSES[kind];
    if (cause === undefined) return [];
    return [{ cause, ...(cause === 'delay' && excess !== undefined ? { duration: excess } : {}) }];
  });
}

function usesKg({ totals }: RunSheet): boolean {
  return totals.collected.kg > 0;
}
