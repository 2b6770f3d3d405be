import type { Visit } from '../problem/plan.ts';
import type { DisposalSite, Problem, Stop, Vehicle } from '../problem/problem.ts';
import { brokenBy, nearer, tryRoute } from './try-route.ts';
import type { Attempt } from './try-route.ts';

/**
 * The best that a vehicle can do for one stop when it has nothing else to do but its locked stops: with each disposal site it may need,
 * and its breaks wherever they fit.
 */
export function tryAlone(problem: Problem, vehicle: Vehicle, stop: Stop): Attempt {
  const first = (vehicle.firstStops ?? [])
    .filter((id) => id !== stop.id)
    .map((id): Visit => ({ kind: 'stop', id }));
  const isFirst = first.length !== (vehicle.firstStops ?? []).length;
  const before = brokenBy(problem, vehicle, withBreaks(vehicle, first, first.length));
  let best: Attempt | undefined;
  for (const unloading of unloadings(problem, vehicle)) {
    const visits: Visit[] = isFirst
      ? [...(vehicle.firstStops ?? []).map((id): Visit => ({ kind: 'stop', id })), ...unloading]
      : [...first, { kind: 'stop', id: stop.id }, ...unloading];
    for (let at = 0; at <= (vehicle.breaks.length === 0 ? 0 : visits.length); at += 1) {
      best = nearer(best, tryRoute(problem, vehicle, withBreaks(vehicle, visits, at), before));
      if (best.violations.length === 0) return best;
    }
  }
  return best ?? { vehicle, violations: [] };
}

/** Where it may unload at the end: nowhere, unless it must, or at one site of each. */
function unloadings({ disposalSites }: Problem, vehicle: Vehicle): Visit[][] {
  if (!vehicle.mustEndEmpty) return [[]];
  const allowed = disposalSites.filter(
    ({ vehicleIds }: DisposalSite) => vehicleIds?.includes(vehicle.id) ?? true,
  );
  return [...allowed.map(({ id }): Visit[] => [{ kind: 'disposal', id }]), []];
}

/** Breaks one after the other, the earliest first, before the visit at `at`; each later one where its window has opened. */
function withBreaks({ breaks }: Vehicle, visits: readonly Visit[], at: number): Visit[] {
  const inOrder = breaks.toSorted((one, other) => one.window[0] - other.window[0]);
  return visits.toSpliced(at, 0, ...inOrder.map(({ id }): Visit => ({ kind: 'break', id })));
}
