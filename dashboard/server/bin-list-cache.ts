import { newestChange } from '../../store/changes.ts';
import type { Store } from '../../store/database.ts';
import { listBinViews } from '../../store/views/bin-summaries.ts';
import type { BinSummary } from '../api/bins.ts';
import { toBinSummary, toFeatureCollection } from './wire.ts';

/** Ages and states are judged at one instant; after this long they are judged anew. */
const MAX_AGE_MS = 5_000;

/** All bins at one instant, with the bodies made from them, which are the same as long as the tag is. */
export class BinList {
  readonly lastChange: number;
  readonly asOfMs: number;
  readonly bins: readonly BinSummary[];
  #json: Buffer | undefined;
  #geoJson: Buffer | undefined;

  constructor(lastChange: number, asOfMs: number, bins: readonly BinSummary[]) {
    this.lastChange = lastChange;
    this.asOfMs = asOfMs;
    this.bins = bins;
  }

  /** Weak, because the body may travel compressed. */
  etag(format: 'json' | 'geojson'): string {
    return `W/"${this.lastChange}-${this.asOfMs}-${format}"`;
  }

  body(format: 'json' | 'geojson'): Buffer {
    if (format === 'json') {
      this.#json ??= Buffer.from(JSON.stringify({ bins: this.bins }));
      return this.#json;
    }
    this.#geoJson ??= Buffer.from(JSON.stringify(toFeatureCollection(this.bins)));
    return this.#geoJson;
  }
}

/** Reads all bins once for everybody who asks between two changes, and at least every few seconds. */
export class BinListCache {
  readonly #store: Store;
  readonly #now: () => number;
  #newest: Promise<BinList> | undefined;
  #newestKey = { lastChange: -1, asOfMs: 0 };

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** All bins, with every change that was made before the call. */
  async read(): Promise<BinList> {
    const lastChange = await newestChange(this.#store);
    const nowMs = this.#now();
    const ageMs = nowMs - this.#newestKey.asOfMs;
    const isGood = this.#newestKey.lastChange === lastChange && ageMs >= 0 && ageMs < MAX_AGE_MS;
    if (this.#newest !== undefined && isGood) return this.#newest;
    const fresh = this.#load(lastChange, nowMs);
    this.#newest = fresh;
    this.#newestKey = { lastChange, asOfMs: nowMs };
    fresh.catch(() => {
      if (this.#newest === fresh) this.#newest = undefined;
    });
    return fresh;
  }

  /** The change number is older than what is read, never newer: at worst a tag is given up too early. */
  async #load(lastChange: number, nowMs: number): Promise<BinList> {
    const views = await listBinViews(this.#store, nowMs);
    return new BinList(lastChange, nowMs, views.map(toBinSummary));
  }
}
