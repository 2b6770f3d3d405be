import { NO_WAY } from '../../problem/matrix.ts';
import type { Matrix } from '../../problem/matrix.ts';
import type { Position, TravelLeg } from '../travel-source.ts';
import { TravelError } from '../travel-source.ts';
import { metresOf, secondsOf } from './cost.ts';
import { findPath } from './hierarchy/path.ts';
import { costTable } from './hierarchy/table.ts';
import { drawLeg } from './draw-leg.ts';
import type { Network } from './network/network.ts';
import { arrivals, departures, directWay } from './seeds.ts';
import { Snapper } from './snap.ts';
import type { Snap } from './snap.ts';

/** A position further from every road is taken for a mistake. */
export const MOST_SNAP_METRES = 1000;

/** Answers for one vehicle profile. */
export class RoadEngine {
  readonly #network: Network;
  readonly #names: readonly string[];
  readonly #snapper: Snapper;

  constructor(
    network: Network,
    names: readonly string[],
    indexBytes: Uint8Array,
    drivesOnLeft: boolean,
  ) {
    this.#network = network;
    this.#names = names;
    this.#snapper = new Snapper(network, indexBytes, drivesOnLeft);
  }

  snap(position: Position): Snap | undefined {
    return this.#snapper.snap(position, MOST_SNAP_METRES);
  }

  /** Positions that are on no road have no way to or from any other. */
  table(positions: readonly Position[]): Matrix & {
    readonly seconds: Int32Array<ArrayBuffer>;
    readonly metres: Int32Array<ArrayBuffer>;
  } {
    const size = positions.length;
    const costs = this.costs(positions.map((position) => this.snap(position)));
    const seconds = new Int32Array(size * size);
    const metres = new Int32Array(size * size);
    for (let entry = 0; entry < costs.length; entry += 1) {
      const cost = costs[entry];
      seconds[entry] = cost === Infinity ? NO_WAY : Math.round(secondsOf(cost));
      metres[entry] = cost === Infinity ? NO_WAY : Math.round(metresOf(cost));
    }
    for (let place = 0; place < size; place += 1) {
      seconds[place * (size + 1)] = 0;
      metres[place * (size + 1)] = 0;
    }
    return { size, seconds, metres };
  }

  /** The exact costs between places on streets, row by row. */
  costs(snaps: readonly (Snap | undefined)[]): Float64Array {
    const network = this.#network;
    const table = costTable(
      network.hierarchy,
      snaps.map((snap) => (snap === undefined ? [] : departures(network, snap))),
      snaps.map((snap) => (snap === undefined ? [] : arrivals(network, snap))),
    );
    for (const group of groupByStreet(snaps)) {
      for (const [from, one] of group) {
        for (const [to, other] of group) {
          const direct = directWay(network, one, other);
          const entry = from * snaps.length + to;
          if (direct !== undefined && direct.cost < table[entry]) table[entry] = direct.cost;
        }
      }
    }
    return table;
  }

  /** @throws {TravelError} when there is no way, or a position is on no road. */
  route(positions: readonly Position[]): TravelLeg[] {
    const snaps = positions.map((position) => {
      const snap = this.snap(position);
      if (snap !== undefined) return snap;
      const text = `${position.lat.toFixed(5)},${position.lng.toFixed(5)}`;
      throw new TravelError(`${text} is more than ${MOST_SNAP_METRES} m from every road`);
    });
    return snaps.slice(1).map((to, index) => this.#leg(snaps[index], to));
  }

  #leg(from: Snap, to: Snap): TravelLeg {
    const network = this.#network;
    const sources = departures(network, from);
    const targets = arrivals(network, to);
    const path = findPath(network.hierarchy, sources, targets);
    const direct = directWay(network, from, to);
    if (direct !== undefined && (path === undefined || direct.cost <= path.cost)) {
      return drawLeg(network, this.#names, {
        from,
        to,
        cost: direct.cost,
        directed: [direct.directed],
      });
    }
    if (path === undefined) throw new TravelError('there is no way between two of the positions');
    const directed = [
      sources[path.source].directed,
      ...path.streets,
      targets[path.target].directed,
    ];
    return drawLeg(network, this.#names, { from, to, cost: path.cost, directed });
  }
}

/** Indices and places of each street that several lie on. */
function groupByStreet(snaps: readonly (Snap | undefined)[]): [number, Snap][][] {
  const groups = new Map<number, [number, Snap][]>();
  snaps.forEach((snap, index) => {
    if (snap === undefined) return;
    const group = groups.get(snap.street);
    if (group === undefined) groups.set(snap.street, [[index, snap]]);
    else group.push([index, snap]);
  });
  return [...groups.values()];
}
