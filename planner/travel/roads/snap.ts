import Flatbush from 'flatbush';
import type { Position } from '../travel-source.ts';
import type { Network } from './network/network.ts';

/** A place on a street, beside a position. */
export interface Snap {
  readonly street: number;
  /** How much of the street's length lies before it, 0 to 1. */
  readonly fraction: number;
  readonly position: Position;
  /** From the position asked for. */
  readonly metres: number;
  /** In which directions a vehicle may stand there. */
  readonly forward: boolean;
  readonly backward: boolean;
}

const METRES_PER_DEGREE = 111_195;
/** Nearer to the middle of the road, nobody knows on which side a thing stands. */
const SIDELESS_METRES = 2;

/** An index over every straight bit of every street, as bytes to be kept in a file. */
export function buildStreetIndex({ lineOffsets, lines, costs }: Network): ArrayBuffer {
  const streetCount = lineOffsets.length - 1;
  const index = new Flatbush(lines.length / 2 - streetCount, 16, Int32Array);
  for (let street = 0; street < streetCount; street += 1) {
    const isOpen = costs[2 * street] >= 0 || costs[2 * street + 1] >= 0;
    for (let point = lineOffsets[street]; point < lineOffsets[street + 1] - 1; point += 1) {
      // A closed street keeps its numbers, in a corner where no position is near.
      const [lat1, lng1, lat2, lng2] = isOpen ? lines.subarray(2 * point, 2 * point + 4) : FAR_AWAY;
      index.add(
        ...[Math.min(lng1, lng2), Math.min(lat1, lat2)],
        ...[Math.max(lng1, lng2), Math.max(lat1, lat2)],
      );
    }
  }
  index.finish();
  // Made with no other kind of buffer.
  return index.data as ArrayBuffer;
}

const FAR_AWAY = [-2_000_000_000, -2_000_000_000, -2_000_000_000, -2_000_000_000];

/** Finds the street beside a position. */
export class Snapper {
  readonly #network: Network;
  readonly #index: Flatbush;
  readonly #drivesOnLeft: boolean;

  /** `indexBytes` as made by {@link buildStreetIndex}. */
  constructor(network: Network, indexBytes: Uint8Array, drivesOnLeft: boolean) {
    this.#network = network;
    this.#index = Flatbush.from(indexBytes.buffer, indexBytes.byteOffset);
    this.#drivesOnLeft = drivesOnLeft;
  }

  /** The nearest place on a street; `undefined` when the nearest is further away than `mostMetres`. */
  snap(position: Position, mostMetres: number): Snap | undefined {
    const [guess] = this.#index.neighbors(position.lng * 1e7, position.lat * 1e7, 1);
    if (guess === undefined) return undefined;
    let best = this.#measure(guess, position);
    // The nearest box need not hold the nearest line; what is nearer has a box within that distance.
    const reachLat = (Math.min(best.metres, mostMetres) / METRES_PER_DEGREE) * 1e7 + 1;
    const reachLng = reachLat / Math.max(0.01, Math.cos((position.lat * Math.PI) / 180));
    const [x, y] = [position.lng * 1e7, position.lat * 1e7];
    for (const bit of this.#index.search(x - reachLng, y - reachLat, x + reachLng, y + reachLat)) {
      const measured = this.#measure(bit, position);
      const isNearer = measured.metres < best.metres;
      if (isNearer || (measured.metres === best.metres && bit < best.bit)) best = measured;
    }
    return best.metres > mostMetres ? undefined : this.#place(best);
  }

  /** The nearest point of a straight bit, on a plane that touches the earth at the position. */
  #measure(bit: number, { lat, lng }: Position): Measured {
    const street = this.#streetOf(bit);
    const point = bit + street;
    const { lines } = this.#network;
    const perLat = METRES_PER_DEGREE / 1e7;
    const perLng = perLat * Math.cos((lat * Math.PI) / 180);
    const startX = (lines[2 * point + 1] - lng * 1e7) * perLng;
    const startY = (lines[2 * point] - lat * 1e7) * perLat;
    const alongX = (lines[2 * point + 3] - lines[2 * point + 1]) * perLng;
    const alongY = (lines[2 * point + 2] - lines[2 * point]) * perLat;
    const length = alongX ** 2 + alongY ** 2;
    const share =
      length === 0 ? 0 : Math.min(1, Math.max(0, -(startX * alongX + startY * alongY) / length));
    const metres = Math.hypot(startX + share * alongX, startY + share * alongY);
    // Positive: the position lies to the left of the street's forward direction.
    const side = startX * alongY - startY * alongX;
    return { bit, street, point, share, metres, side };
  }

  #place({ street, point, share, metres, side }: Measured): Snap {
    const { lines, costs, isWide } = this.#network;
    const between = (start: number, end: number): number => (start + (end - start) * share) / 1e7;
    const position = {
      lat: between(lines[2 * point], lines[2 * point + 2]),
      lng: between(lines[2 * point + 1], lines[2 * point + 3]),
    };
    let forward = costs[2 * street] >= 0;
    let backward = costs[2 * street + 1] >= 0;
    if (isWide[street] === 1 && metres > SIDELESS_METRES && forward && backward) {
      const isLeft = side > 0;
      forward = isLeft === this.#drivesOnLeft;
      backward = !forward;
    }
    return {
      street,
      fraction: this.#fraction(street, point, share),
      position,
      metres,
      forward,
      backward,
    };
  }

  #streetOf(bit: number): number {
    const { lineOffsets } = this.#network;
    let low = 0;
    let high = lineOffsets.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (lineOffsets[middle] - middle <= bit) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #fraction(street: number, point: number, share: number): number {
    const { lineOffsets } = this.#network;
    let before = 0;
    let whole = 0;
    for (let at = lineOffsets[street]; at < lineOffsets[street + 1] - 1; at += 1) {
      const length = this.#bitLength(at);
      if (at < point) before += length;
      else if (at === point) before += length * share;
      whole += length;
    }
    return whole === 0 ? 0 : Math.min(1, before / whole);
  }

  #bitLength(point: number): number {
    const { lines } = this.#network;
    const perLng = Math.cos(((lines[2 * point] / 1e7) * Math.PI) / 180);
    return Math.hypot(
      lines[2 * point + 2] - lines[2 * point],
      (lines[2 * point + 3] - lines[2 * point + 1]) * perLng,
    );
  }
}

interface Measured {
  readonly bit: number;
  readonly street: number;
  readonly point: number;
  readonly share: number;
  readonly metres: number;
  readonly side: number;
}
