import { GrowingFloats, GrowingInts } from '../growing.ts';
import type { Hierarchy } from './hierarchy.ts';
import { UpwardSearch } from './upward-search.ts';
import type { Seed } from './upward-search.ts';

/** What every target has left at the nodes above it, sorted by node. */
interface Buckets {
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  readonly costs: Float64Array;
}

/**
 * The cheapest costs from every source to every target, row by row; `Infinity` where there is no way.
 *
 * Knopp, Sanders, Schultes, Schulz, Wagner: Computing Many-to-Many Shortest Paths Using Highway Hierarchies (2007),
 * doi:10.1137/1.9781611972870.4: one search back from each target, one forward from each source, which meet in the buckets.
 */
export function costTable(
  hierarchy: Hierarchy,
  sources: readonly (readonly Seed[])[],
  targets: readonly (readonly Seed[])[],
): Float64Array<ArrayBuffer> {
  const buckets = fillBuckets(hierarchy, targets);
  const width = targets.length;
  const table = new Float64Array(sources.length * width).fill(Infinity);
  const search = new UpwardSearch(hierarchy, 0);
  sources.forEach((seeds, source) => {
    search.run(seeds);
    const row = table.subarray(source * width, (source + 1) * width);
    for (let index = 0; index < search.count; index += 1) {
      const node = search.nodes[index];
      meet(buckets, node, search.costs[node], row);
    }
  });
  return table;
}

function meet(buckets: Buckets, node: number, cost: number, row: Float64Array): void {
  const { offsets, targets, costs } = buckets;
  const end = offsets[node + 1];
  for (let entry = offsets[node]; entry < end; entry += 1) {
    const whole = cost + costs[entry];
    if (whole < row[targets[entry]]) row[targets[entry]] = whole;
  }
}

function fillBuckets(hierarchy: Hierarchy, targets: readonly (readonly Seed[])[]): Buckets {
  const search = new UpwardSearch(hierarchy, 1);
  const entryNodes = new GrowingInts();
  const entryTargets = new GrowingInts();
  const entryCosts = new GrowingFloats();
  const offsets = new Int32Array(hierarchy.nodeCount + 1);
  targets.forEach((seeds, target) => {
    search.run(seeds);
    for (let index = 0; index < search.count; index += 1) {
      const node = search.nodes[index];
      entryNodes.push(node);
      entryTargets.push(target);
      entryCosts.push(search.costs[node]);
      offsets[node + 1] += 1;
    }
  });
  for (let node = 0; node < hierarchy.nodeCount; node += 1) offsets[node + 1] += offsets[node];
  const next = offsets.slice();
  const sortedTargets = new Int32Array(entryNodes.length);
  const sortedCosts = new Float64Array(entryNodes.length);
  for (let entry = 0; entry < entryNodes.length; entry += 1) {
    const slot = next[entryNodes.array[entry]]++;
    sortedTargets[slot] = entryTargets.array[entry];
    sortedCosts[slot] = entryCosts.array[entry];
  }
  return { offsets, targets: sortedTargets, costs: sortedCosts };
}
