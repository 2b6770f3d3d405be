import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainDijkstra } from '../testing/plain-dijkstra.ts';
import type { Arcs } from './edge-lists.ts';
import { buildHierarchy } from './hierarchy.ts';
import { findPath } from './path.ts';
import { costTable } from './table.ts';

const MOST_NODES = 40;

/** Any graph: one-way and two-way, with loops, copies of arcs, islands and dead ends. */
const graphs = fc.integer({ min: 2, max: MOST_NODES }).chain((size) =>
  fc
    .array(
      fc.tuple(
        fc.nat(size - 1),
        fc.nat(size - 1),
        // Few different costs make many ways that are equally cheap.
        fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 1000 })),
      ),
      { maxLength: 4 * size },
    )
    .map((arcs) => ({ size, arcs: toArcs(arcs) })),
);

function toArcs(list: readonly (readonly [number, number, number])[]): Arcs {
  return {
    tails: Int32Array.from(list, ([tail]) => tail),
    heads: Int32Array.from(list, ([, head]) => head),
    costs: Float64Array.from(list, ([, , cost]) => cost),
    streets: Int32Array.from(list, (_, index) => index),
  };
}

describe('a contraction hierarchy', () => {
  test('has the costs that plain Dijkstra has, between all nodes of any graph', () => {
    fc.assert(
      fc.property(graphs, ({ size, arcs }) => {
        const { hierarchy, numbers } = buildHierarchy(size, arcs);
        const seeds = Array.from(numbers, (node) => [{ node, cost: 0 }]);
        const table = costTable(hierarchy, seeds, seeds);
        for (let from = 0; from < size; from += 1) {
          const row = table.subarray(from * size, (from + 1) * size);
          expect([...row]).toEqual(plainDijkstra(size, arcs, [{ node: from, cost: 0 }]));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('begins and ends at several nodes with costs of their own', () => {
    const some = fc.array(fc.record({ node: fc.nat(MOST_NODES - 1), cost: fc.nat(50) }), {
      ...{ minLength: 1, maxLength: 3 },
    });
    fc.assert(
      fc.property(graphs, some, some, ({ size, arcs }, sources, targets) => {
        const { hierarchy, numbers } = buildHierarchy(size, arcs);
        const inside = (seeds: typeof sources) => seeds.filter(({ node }) => node < size);
        const numbered = (seeds: typeof sources) =>
          inside(seeds).map(({ node, cost }) => ({ node: numbers[node], cost }));
        const [cost] = costTable(hierarchy, [numbered(sources)], [numbered(targets)]);
        const reached = plainDijkstra(size, arcs, inside(sources));
        const expected = inside(targets).map((target) => reached[target.node] + target.cost);
        expect(cost).toBe(Math.min(Infinity, ...expected));
      }),
      { numRuns: 300 },
    );
  });

  test('unpacks each way into arcs that follow one another and cost as much', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), fc.nat(), ({ size, arcs }, one, other) => {
        const [from, to] = [one % size, other % size];
        const { hierarchy, numbers } = buildHierarchy(size, arcs);
        const seedOf = (node: number) => [{ node: numbers[node], cost: 0 }];
        const path = findPath(hierarchy, seedOf(from), seedOf(to));
        const expected = plainDijkstra(size, arcs, [{ node: from, cost: 0 }])[to];
        expect(path?.cost ?? Infinity).toBe(expected);
        if (path === undefined) return;
        let at = from;
        let cost = 0;
        for (const arc of path.streets) {
          expect(arcs.tails[arc]).toBe(at);
          at = arcs.heads[arc];
          cost += arcs.costs[arc];
        }
        expect({ at, cost }).toEqual({ at: to, cost: expected });
      }),
      { numRuns: 300 },
    );
  });

  test('keeps time and length of millions of kilometres apart', () => {
    // 30 days and 3,000 km, in one number each.
    const [hours, kilometres] = [2 ** 25 * 30 * 8_640_000, 3_000 * 10_000];
    const arcs = toArcs([
      [0, 1, hours],
      [1, 2, kilometres],
    ]);
    const { hierarchy, numbers } = buildHierarchy(3, arcs);
    const seedsOf = (node: number) => [[{ node: numbers[node], cost: 0 }]];
    expect(costTable(hierarchy, seedsOf(0), seedsOf(2))[0]).toBe(hours + kilometres);
  });
});
