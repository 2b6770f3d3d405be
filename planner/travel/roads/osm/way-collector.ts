import type { RoadProfile } from '../../road-profiles.ts';
import { GrowingFloats, GrowingInts } from '../growing.ts';
import type { OsmRelation, OsmWay } from './read-blocks.ts';
import { readTurnSign } from './restrictions.ts';
import type { TurnSign } from './restrictions.ts';
import { isWide, judgeWay } from './way-rules.ts';

/** Keeps, of all ways and relations of an extract, the roads that one of the profiles may use, and the turn signs. */
export class WayCollector {
  readonly offsets = new GrowingInts();
  /** OpenStreetMap's ids of nodes. */
  readonly refs = new GrowingFloats();
  readonly wayStreets = new GrowingInts();
  readonly isWide = new GrowingInts();
  readonly forwardKmh: readonly GrowingInts[];
  readonly backwardKmh: readonly GrowingInts[];
  readonly wayIndices = new Map<number, number>();
  readonly streets = new Map<string, number>([['', 0]]);
  readonly signs: TurnSign[] = [];
  unusedSigns = 0;
  readonly #profiles: readonly RoadProfile[];

  constructor(profiles: readonly RoadProfile[]) {
    this.#profiles = profiles;
    this.forwardKmh = profiles.map(() => new GrowingInts());
    this.backwardKmh = profiles.map(() => new GrowingInts());
    this.offsets.push(0);
  }

  get wayCount(): number {
    return this.wayStreets.length;
  }

  addWay({ id, refs, tags }: OsmWay): void {
    if (tags === undefined || refs.length < 2) return;
    if (tags['highway'] === undefined && tags['route'] !== 'ferry') return;
    const speeds = this.#profiles.map((profile) => judgeWay(tags, profile));
    if (speeds.every(({ forward, backward }) => forward + backward === 0)) return;
    this.wayIndices.set(id, this.wayCount);
    for (const ref of refs) this.refs.push(ref);
    this.offsets.push(this.refs.length);
    this.wayStreets.push(this.#streetIndex(tags['name'] ?? tags['ref'] ?? ''));
    this.isWide.push(isWide(tags) ? 1 : 0);
    speeds.forEach(({ forward, backward }, which) => {
      this.forwardKmh[which].push(forward);
      this.backwardKmh[which].push(backward);
    });
  }

  addRelation(relation: OsmRelation): void {
    const sign = readTurnSign(relation);
    if (sign === 'unused') this.unusedSigns += 1;
    else if (sign !== undefined) this.signs.push(sign);
  }

  /** Ids of all nodes of the roads, each once, in rising order. */
  usedNodes(): Float64Array {
    const all = this.refs.take().sort();
    let count = 0;
    for (let index = 0; index < all.length; index += 1) {
      if (index === 0 || all[index] !== all[count - 1]) all[count++] = all[index];
    }
    return all.slice(0, count);
  }

  #streetIndex(name: string): number {
    const present = this.streets.get(name);
    if (present !== undefined) return present;
    this.streets.set(name, this.streets.size);
    return this.streets.size - 1;
  }
}
