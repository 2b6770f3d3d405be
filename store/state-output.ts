import { qualityFromCode } from '../domain/quality.ts';
import type { Change } from './changes.ts';
import type { Store } from './database.ts';

/** A bin is told of at most this often. */
const PAUSE_MS = 1_000;

const BINS_PER_READ = 500;

/** Publishes one retained message; an empty payload takes the retained one away. */
export type PublishRetained = (topic: string, payload: string) => Promise<void>;

/** Calls `publish`, which resolves or rejects when nothing of the batch is under way any more, or throws. */
export type Guard = (binIds: readonly string[], publish: () => Promise<void>) => Promise<void>;

export interface StateOutputOptions {
  readonly store: Store;
  readonly publish: PublishRetained;
  readonly onError: (error: unknown) => void;
  /** As many messages may be on their way at once; one if not said. */
  readonly inFlight?: number;
  /** Called around each batch of as many, to refuse it by throwing, and to look at what has become of it. */
  readonly guard?: Guard;
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
  #changesToldAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: StateOutputOptions) {
    this.#options = options;
  }

  /** Publishes every bin that has a level, and in between what is noted meanwhile. */
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
    const binIds = [...rows.map((row) => row.bin_id), ...gone];
    for (let start = 0; start < binIds.length; start += BINS_PER_READ) {
      await this.#publishBins(binIds.slice(start, start + BINS_PER_READ));
      // A large town takes minutes: what changes meanwhile does not wait for its end.
      if (performance.now() - this.#changesToldAtMs >= PAUSE_MS) await this.#publishChanged();
    }
  }

  /** Never beside another publication, so that of two levels of a bin the newer one goes out last. */
  async #publishChanged(): Promise<void> {
    const binIds = [...this.#changed];
    this.#changed.clear();
    this.#changesToldAtMs = performance.now();
    try {
      await this.#publishBins(binIds);
    } catch (error) {
      for (const binId of binIds) this.#changed.add(binId);
      throw error;
    }
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
      this.#publishing = this.#publishChanged()
        .catch((error: unknown) => this.#options.onError(error))
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
      const { inFlight = 1, guard = noGuard } = this.#options;
      for (let sent = 0; sent < part.length && !this.#stopped; sent += inFlight) {
        const together = part.slice(sent, sent + inFlight);
        await guard(together, () =>
          settleAll(together.map((binId) => this.#publishBin(binId, states.get(binId)))),
        );
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

const noGuard: Guard = (_binIds, publish) => publish();

/** Waits for all of them; rejects with the first error, if there is one. */
async function settleAll(promises: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
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
