import { checkPlan } from '../check/check-plan.ts';
import type { Plan, Route, Visit } from '../problem/plan.ts';
import type { Problem } from '../problem/problem.ts';

/**
 * What the cheapest plan costs, found by trying all. For problems of at most two vehicles and a handful of stops: with
 * disposal sites each order is tried with each choice of unloading, at one site or none, behind each stop.
 */
export function cheapestByTrying(problem: Problem): number {
  let least = Infinity;
  for (const chosen of subsetsOf(problem.stops.filter(({ prize }) => prize !== null))) {
    const stops = [...problem.stops.filter(({ prize }) => prize === null), ...chosen];
    for (const order of ordersOf(stops.map(({ id }) => id))) {
      for (const plan of plansOf(problem, order)) {
        const { feasible, cost } = checkPlan(problem, plan);
        if (feasible && cost < least) least = cost;
      }
    }
  }
  return least;
}

/** Splits an order of stops between the vehicles in all ways. */
function* plansOf({ vehicles, disposalSites }: Problem, order: readonly string[]): Iterable<Plan> {
  const [first, second] = vehicles.map(({ id }) => id);
  const sites = disposalSites.map(({ id }) => id);
  if (first === undefined) return;
  for (let cut = second === undefined ? order.length : 0; cut <= order.length; cut += 1) {
    for (const one of visitsOf(order.slice(0, cut), sites)) {
      for (const two of visitsOf(order.slice(cut), sites)) {
        const routes: Route[] = [{ vehicleId: first, visits: one }];
        if (second !== undefined) routes.push({ vehicleId: second, visits: two });
        yield { routes };
      }
    }
  }
}

function* visitsOf(stops: readonly string[], sites: readonly string[]): Iterable<Visit[]> {
  const [id, ...rest] = stops;
  if (id === undefined) {
    yield [];
    return;
  }
  for (const visits of visitsOf(rest, sites)) {
    yield [{ kind: 'stop', id }, ...visits];
    for (const site of sites) {
      yield [{ kind: 'stop', id }, { kind: 'disposal', id: site }, ...visits];
    }
  }
}

function* ordersOf(ids: readonly string[]): Iterable<string[]> {
  if (ids.length === 0) yield [];
  for (const [index, id] of ids.entries()) {
    for (const order of ordersOf(ids.toSpliced(index, 1))) yield [id, ...order];
  }
}

function* subsetsOf<T>(all: readonly T[]): Iterable<T[]> {
  const [one, ...rest] = all;
  if (one === undefined) {
    yield [];
    return;
  }
  for (const subset of subsetsOf(rest)) {
    yield subset;
    yield [one, ...subset];
  }
}
