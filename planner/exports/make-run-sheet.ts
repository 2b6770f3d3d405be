import { checkPlan } from '../check/check-plan.ts';
import { driveRoute } from '../check/drive-route.ts';
import type { DrivenRoute } from '../check/drive-route.ts';
import type { Violation } from '../check/violation.ts';
import type { Plan, Route } from '../problem/plan.ts';
import type { Problem, Stop, Vehicle } from '../problem/problem.ts';
import { makeEntries } from './make-entries.ts';
import type { Entry, LeftOut, Load, RunSheet, SheetRoute, Totals } from './run-sheet.ts';
import type { SheetFacts } from './sheet-facts.ts';

/** Puts a plan into the form that people and the exports read. Routes without a stop are left out: nobody drives them. */
export function makeRunSheet(problem: Problem, plan: Plan, facts: SheetFacts): RunSheet {
  const routes = plan.routes.flatMap((route) => {
    const vehicle = problem.vehicles.find(({ id }) => id === route.vehicleId);
    const used = route.visits.some(({ kind }) => kind === 'stop');
    return vehicle === undefined || !used ? [] : [makeRoute(problem, vehicle, route, facts)];
  });
  const served = new Set(
    plan.routes.flatMap(({ visits }) =>
      visits.filter(({ kind }) => kind === 'stop').map(({ id }) => id),
    ),
  );
  return {
    ...{ title: facts.title, day: facts.day, madeAtMs: facts.madeAtMs },
    routes,
    leftOut: problem.stops
      .filter(({ id }) => !served.has(id))
      .map((stop) => describeLeftOut(problem, stop, facts)),
    violations: checkPlan(problem, plan).violations.map((one) => inWholeUnits(one, problem)),
    totals: sumTotals(routes.map(({ totals }) => totals)),
  };
}

/** An excess of a benchmark in tenths becomes seconds and metres. */
function inWholeUnits(violation: Violation, { units }: Problem): Violation {
  const { excess, unit } = violation;
  if (excess === undefined) return violation;
  if (unit === 'seconds') return { ...violation, excess: excess / units.perSecond };
  return unit === 'metres' ? { ...violation, excess: excess / units.perMetre } : violation;
}

function makeRoute(
  problem: Problem,
  vehicle: Vehicle,
  route: Route,
  facts: SheetFacts,
): SheetRoute {
  const driven = driveRoute(problem, vehicle, route);
  const entries = makeEntries(problem, vehicle, driven, facts);
  return {
    vehicleId: vehicle.id,
    vehicleName: facts.vehicleName?.(vehicle.id) ?? vehicle.id,
    entries,
    line: facts.line?.(vehicle.id) ?? null,
    totals: totalsOf(problem, vehicle, driven, { entries, gramsPerKm: facts.co2GramsPerKm }),
  };
}

function totalsOf(
  { units }: Problem,
  { costs }: Vehicle,
  driven: DrivenRoute,
  {
    entries,
    gramsPerKm,
  }: { readonly entries: readonly Entry[]; readonly gramsPerKm: number | undefined },
): Totals {
  const stops = entries.flatMap(({ stop }) => stop ?? []);
  const metres = driven.metres / units.perMetre;
  const drivingSeconds = driven.drivingSeconds / units.perSecond;
  return {
    stops: stops.length,
    ...{ metres, drivingSeconds },
    workingSeconds: (driven.endsAt - driven.startsAt) / units.perSecond,
    collected: sumLoads(stops.map(({ amounts }) => amounts)),
    cost:
      costs.fixed + (metres * costs.perKm) / 1000 + (drivingSeconds * costs.perDrivingHour) / 3600,
    co2Kg: gramsPerKm === undefined ? null : (metres * gramsPerKm) / 1e6,
  };
}

function sumTotals(totals: readonly Totals[]): Totals {
  const sum = (pick: (one: Totals) => number): number =>
    totals.reduce((all, one) => all + pick(one), 0);
  return {
    stops: sum(({ stops }) => stops),
    metres: sum(({ metres }) => metres),
    drivingSeconds: sum(({ drivingSeconds }) => drivingSeconds),
    workingSeconds: sum(({ workingSeconds }) => workingSeconds),
    collected: sumLoads(totals.map(({ collected }) => collected)),
    cost: sum(({ cost }) => cost),
    co2Kg: totals.every(({ co2Kg }) => co2Kg === null) ? null : sum(({ co2Kg }) => co2Kg ?? 0),
  };
}

function sumLoads(loads: readonly Load[]): Load {
  return loads.reduce((all, one) => ({ litres: all.litres + one.litres, kg: all.kg + one.kg }), {
    litres: 0,
    kg: 0,
  });
}

function describeLeftOut(
  { locations }: Problem,
  { id, location, prize }: Stop,
  facts: SheetFacts,
): LeftOut {
  const place = locations[location];
  const known = facts.stop?.(id);
  return {
    id,
    name: known?.name ?? place?.name ?? id,
    position: known?.position ?? place?.position ?? null,
    location,
    must: prize === null,
  };
}
