import { qualityFromCode } from '../domain/quality.ts';
import type { Change } from '../store/changes.ts';
import type { Store } from '../store/database.ts';

/** A bin is told of at most this often. */
const PAUSE_MS = 1_000;

const BINS_PER_READ = 500;

/** Publishes one retained message; an empty payload takes the retained one away. */
export type PublishRetained = (topic: string, payload: string) => Promise<void>;

export interface StateOutputOptions {
  readonly store: Store;
  readonly publish: PublishRetained;
  readonly onError: (error: unknown) => void;
}

/** Keeps the retained messages `state/{binId}` at what the store says of each bin: its level with the level's age. */
export class StateOutput {
  readonly #options: StateOutputOptions;
  readonly #changed = new Set<string>();
  /** Bins with a retained message. */
  readonly #published = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #publishing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: StateOutputOptions) {
    this.#options = options;
  }

  /** Publishes every bin that has a level. */
  async start(): Promise<void> {
    const rows = await this.#options.store.db.selectFrom('bin_states').select('bin_id').execute();
    await this.#publishBins(rows.map((row) => row.bin_id));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#publishing;
  }

  /** Notes bins to be told of soon; several changes within the pause make one message. */
  noteChanges(changes: readonly Change[]): void {
    for (const { kind, id } of changes) {
      if (kind === 'bin' || kind === 'bin-removed') this.#changed.add(id);
    }
    this.#schedule(0);
  }

  #schedule(waitMs: number): void {
    if (this.#timer !== undefined || this.#changed.size === 0 || this.#stopped) return;
    this.#timer = setTimeout(() => {
      const binIds = [...this.#changed];
      this.#changed.clear();
      this.#publishing = this.#publishBins(binIds)
        .catch((error: unknown) => {
          this.#options.onError(error);
          for (const binId of binIds) this.#changed.add(binId);
        })
        .finally(() => this.#pause());
    }, waitMs);
  }

  #pause(): void {
    this.#timer = undefined;
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#schedule(0);
    }, PAUSE_MS);
  }

  async #publishBins(binIds: readonly string[]): Promise<void> {
    for (let start = 0; start < binIds.length; start += BINS_PER_READ) {
      const part = binIds.slice(start, start + BINS_PER_READ);
      const states = await readStates(this.#options.store, part);
      for (const binId of part) await this.#publishBin(binId, states.get(binId));
    }
  }

  async #publishBin(binId: string, state: string | undefined): Promise<void> {
    if (this.#stopped || (state === undefined && !this.#published.has(binId))) return;
    await this.#options.publish(`state/${binId}`, state ?? '');
    if (state === undefined) this.#published.delete(binId);
    else this.#published.add(binId);
  }
}

/** The payloads of the bins that have a level. */
async function readStates(store: Store, binIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await store.db
    .selectFrom('bin_states')
    .select(['bin_id', 'device_id', 'observed_at', 'fill_percent', 'quality', 'reasons'])
    .where('bin_id', 'in', binIds)
    .execute();
  return new Map(
    rows.map((row) => [
      row.bin_id,
      JSON.stringify({
        binId: row.bin_id,
        fillPercent: row.fill_percent,
        observedAt: new Date(row.observed_at).toISOString(),
        quality: qualityFromCode(row.quality),
        // Safe: the store writes a list of texts there.
        reasons: JSON.parse(row.reasons) as string[],
        deviceId: row.device_id,
      }),
    ]),
  );
}
