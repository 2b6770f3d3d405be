import { partOfCost } from './cost.ts';
import type { Seed } from './hierarchy/upward-search.ts';
import type { Network } from './network/network.ts';
import type { Snap } from './snap.ts';

/** Where a search begins or ends: at a node, with what is left of the street that the place lies on. */
export interface StreetSeed extends Seed {
  readonly directed: number;
}

/** Driving away: to the end of the street, in each direction that is open. */
export function departures(network: Network, snap: Snap): StreetSeed[] {
  return openDirections(snap).map((directed) => ({
    node: network.heads[directed],
    cost: network.costs[directed] - costBefore(network, snap, directed),
    directed,
  }));
}

/** Arriving: from the beginning of the street, wherever that is entered. */
export function arrivals(network: Network, snap: Snap): StreetSeed[] {
  return openDirections(snap).flatMap((directed) => {
    const cost = costBefore(network, snap, directed);
    const { tailOffsets, tails } = network;
    return Array.from(tails.subarray(tailOffsets[directed], tailOffsets[directed + 1]), (node) => ({
      node,
      cost,
      directed,
    }));
  });
}

/** On along the same street, without passing any node. */
export function directWay(
  network: Network,
  from: Snap,
  to: Snap,
): { readonly cost: number; readonly directed: number } | undefined {
  if (from.street !== to.street) return undefined;
  for (const directed of openDirections(from)) {
    const isAhead =
      directed % 2 === 0 ? to.fraction >= from.fraction : to.fraction <= from.fraction;
    if (!isAhead || !openDirections(to).includes(directed)) continue;
    return {
      cost: costBefore(network, to, directed) - costBefore(network, from, directed),
      directed,
    };
  }
  return undefined;
}

function openDirections({ street, forward, backward }: Snap): number[] {
  return [...(forward ? [2 * street] : []), ...(backward ? [2 * street + 1] : [])];
}

/** From the beginning of the directed street to the place. */
function costBefore({ costs }: Network, { fraction }: Snap, directed: number): number {
  return partOfCost(costs[directed], directed % 2 === 0 ? fraction : 1 - fraction);
}
