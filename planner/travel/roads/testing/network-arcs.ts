import type { Arcs } from '../hierarchy/edge-lists.ts';
import type { Network } from '../network/network.ts';

/** The connections of a network without any shortcut, for plain Dijkstra. */
export function networkArcs({ costs, heads, tails, tailOffsets }: Network): Arcs {
  const arcs: { tail: number; head: number; cost: number; street: number }[] = [];
  for (let street = 0; street < heads.length; street += 1) {
    if (costs[street] < 0) continue;
    for (const tail of tails.subarray(tailOffsets[street], tailOffsets[street + 1])) {
      arcs.push({ tail, head: heads[street], cost: costs[street], street });
    }
  }
  return {
    tails: Int32Array.from(arcs, ({ tail }) => tail),
    heads: Int32Array.from(arcs, ({ head }) => head),
    costs: Float64Array.from(arcs, ({ cost }) => cost),
    streets: Int32Array.from(arcs, ({ street }) => street),
  };
}
