import { qualityFromCode } from '../domain/quality.ts';
import type { Change } from './changes.ts';
import type { Store } from './database.ts';

/** A bin is told of at most this often. */
const PAUSE_MS = 1_000;

const BINS_PER_READ = 500;

/** Publishes one retained message; an empty payload takes the retained one away. */
export type PublishRetained = (topic: string, payload: string) => Promise<void>;

export interface StateOutputOptions {
  readonly store: Store;
  readonly publish: PublishRetained;
  readonly onError: (error: unknown) => void;
  /** As many messages may be on their way at once; one if not said. */
  readonly inFlight?: number;
  /** The broker may have retained levels of bins that have none any more: those the kept changes name are taken away. */
  readonly mayHaveOlder?: boolean;
}

/** Keeps the retained messages `state/{binId}` at what the store says of each bin: its level with the level's age. */
export class StateOutput {
  readonly #options: StateOutputOptions;
  readonly #changed = new Set<string>();
  /** Bins with a retained message. */
  readonly #published = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #publishing: Promise<void> = Promise.resolve();
  #isStarting = false;
  #stopped = false;

  constructor(options: StateOutputOptions) {
    this.#options = options;
  }

  /** Publishes every bin that has a level. What is noted meanwhile follows. */
  async start(): Promise<void> {
    this.#isStarting = true;
    const publishing = this.#publishAll();
    this.#publishing = publishing.catch(() => {});
    await publishing;
    this.#isStarting = false;
    this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#publishing;
  }

  async #publishAll(): Promise<void> {
    const { store, mayHaveOlder = false } = this.#options;
    const rows = await store.db.selectFrom('bin_states').select('bin_id').execute();
    const gone = mayHaveOlder ? await findGone(store) : [];
    for (const binId of gone) this.#published.add(binId);
    await this.#publishBins([...rows.map((row) => row.bin_id), ...gone]);
  }

  /** Notes bins to be told of soon; several changes within the pause make one message. */
  noteChanges(changes: readonly Change[]): void {
    for (const { kind, id } of changes) {
      if (kind === 'bin' || kind === 'bin-removed') this.#changed.add(id);
    }
    this.#schedule(0);
  }

  #schedule(waitMs: number): void {
    if (this.#timer !== undefined || this.#changed.size === 0) return;
    if (this.#isStarting || this.#stopped) return;
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
      const { inFlight = 1 } = this.#options;
      for (let sent = 0; sent < part.length; sent += inFlight) {
        const together = part.slice(sent, sent + inFlight);
        await Promise.all(together.map((binId) => this.#publishBin(binId, states.get(binId))));
      }
    }
  }

  async #publishBin(binId: string, state: string | undefined): Promise<void> {
    if (this.#stopped || (state === undefined && !this.#published.has(binId))) return;
    await this.#options.publish(`state/${binId}`, state ?? '');
    if (state === undefined) this.#published.delete(binId);
    else this.#published.add(binId);
  }
}

/** Bins of the kept changes that have no level: removed, or never in the state they were in. */
async function findGone({ db }: Store): Promise<string[]> {
  const rows = await db
    .selectFrom('changes')
    .select('id')
    .distinct()
    .where('kind', 'in', ['bin', 'bin-removed'])
    .where('id', 'not in', db.selectFrom('bin_states').select('bin_id'))
    .execute();
  return rows.map((row) => row.id);
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
