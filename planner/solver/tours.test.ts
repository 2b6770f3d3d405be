import { expect, test } from 'vitest';
import { randomProblem } from '../testing/random-problem.ts';
import { randomWishes } from '../testing/random-wishes.ts';
import { compile } from './compile.ts';
import { dropOptional } from './drop-optional.ts';
import { loadPlan } from './load-plan.ts';
import { moveBreaks } from './move-breaks.ts';
import { moveSites } from './move-sites.ts';
import { findNeighbours } from './neighbours.ts';
import { Random } from './random.ts';
import { Recreate } from './recreate.ts';
import { Ruin } from './ruin.ts';
import { tidySites } from './tidy-sites.ts';
import { Tours } from './tours.ts';

/** Everything that is known about the nodes of all routes, in order, and about the whole. Sums must be equal to the last unit. */
function stateOf(tours: Tours): unknown {
  const { instance, ea, dep, la, loadBefore, loadAfter, drivenBefore, drivenAfter } = tours;
  const { vehicleCount, dimensions } = instance;
  const routes = Array.from({ length: vehicleCount }, (_, vehicle) => {
    const nodes = [];
    for (let node = tours.head(vehicle); node !== -1; node = tours.next[node]) {
      const { prev, route, location, tripStart, emptiedLater } = tours;
      const own = [prev, route, location, ea, dep, la, drivenBefore, drivenAfter, tripStart];
      const loads = [loadBefore, loadAfter].map((all) =>
        all.slice(node * dimensions, (node + 1) * dimensions),
      );
      const site = tours.isSite(node) ? tours.siteOf[node - tours.firstSiteNode] : -1;
      nodes.push({ node, site, own: [...own, emptiedLater].map((all) => all[node]), loads });
    }
    return nodes;
  });
  const { stops, sites, load, seconds, metres, cost, missed, absent } = tours;
  const sums = [stops, sites, load, seconds, metres].map((all) => all.slice());
  return { routes, sums, cost, missed, absent: absent.list.slice(0, absent.count).toSorted() };
}

/** Many routes, on a machine that may be busy. */
const PATIENCE = { timeout: 120_000 };

test('taking back a step leaves everything as it was before', PATIENCE, () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const instance = compile(randomProblem(seed, randomWishes(seed)));
    const { sites } = instance.features;
    const tours = new Tours(instance);
    const random = new Random(seed);
    const near = findNeighbours(instance, 40);
    const ruin = new Ruin(tours, near, random);
    const recreate = new Recreate(tours, near, near, random);
    loadPlan(tours, { routes: [] });
    recreate.apply(Infinity);
    tours.commit();
    for (let step = 0; step < 20; step += 1) {
      const before = stateOf(tours);
      const change = (): void => {
        ruin.apply();
        tours.refreshTouched();
        if (sites) tidySites(tours);
        moveBreaks(tours, random);
        recreate.apply(100);
        if (sites) moveSites(tours, random);
        dropOptional(tours);
      };
      change();
      tours.undo();
      expect({ seed, step, state: stateOf(tours) }).toEqual({ seed, step, state: before });
      change();
      tours.commit();
    }
  }
});

test('what a step adds up along the way is what the routes add up to in the end', PATIENCE, () => {
  for (let seed = 1; seed <= 30; seed += 1) {
    const instance = compile(randomProblem(seed, randomWishes(seed)));
    const tours = new Tours(instance);
    const random = new Random(seed);
    const near = findNeighbours(instance, 40);
    const ruin = new Ruin(tours, near, random);
    const recreate = new Recreate(tours, near, near, random);
    recreate.apply(Infinity);
    for (let step = 0; step < 30; step += 1) {
      ruin.apply();
      tours.refreshTouched();
      if (instance.features.sites) tidySites(tours);
      recreate.apply(100);
      tours.commit();
    }
    expect({ seed, cost: tours.cost }).toEqual({ seed, cost: addUp(tours) });
  }
});

function addUp(tours: Tours): number {
  const { instance, next, location } = tours;
  let sum = 0;
  for (let vehicle = 0; vehicle < instance.vehicleCount; vehicle += 1) {
    const { cost, fixedCost } = tours.typeOf(vehicle);
    const [head, tail] = [tours.head(vehicle), tours.tail(vehicle)];
    if (tours.stops[vehicle] === 0) continue;
    // The way from the start to the end is in the fixed cost, for a vehicle without stops drives nothing.
    sum += fixedCost - cost[location[head] * instance.size + location[tail]];
    for (let node = head; node !== tail; node = next[node]) {
      sum += cost[location[node] * instance.size + location[next[node]]];
    }
  }
  return sum;
}
