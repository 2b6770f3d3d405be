import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { followChanges } from '../../store/change-feed.ts';
import { appendChanges, newestChange } from '../../store/changes.ts';
import type { Store } from '../../store/database.ts';
import { hasLease, releaseLease, takeLease } from '../../store/leases.ts';
import { StateOutput } from '../../store/state-output.ts';
import type { MqttSources } from './mqtt-sources.ts';
import { SourceNotConnectedError } from './source-client.ts';

export interface SourceStatesOptions {
  readonly store: Store;
  /** Names of the sources whose brokers get the levels. */
  readonly names: readonly string[];
  readonly isConnected: (source: string) => boolean;
  readonly publish: MqttSources['publish'];
  /** ms since 1970. */
  readonly now: () => number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** How long a process that has died keeps the others from publishing, ms. */
  readonly leaseMs?: number;
}

const LEASE_MS = 15_000;
/** As many levels are on their way at once: a broker may be far away. */
const IN_FLIGHT = 50;

/** Nothing was published: the levels are another process's to tell, or nobody's at the moment. */
class LeaseLostError extends Error {}

/**
 * Publishes the retained levels `state/{binId}` to brokers that are not ours, from one process of all that are connected there: who
 * holds the lease. Everything is published anew when that begins and after each connect, since such a broker may have lost
 * what it had retained.
 *
 * A process can be halted for longer than its lease lasts, and go on when another has published newer levels. It looks at the
 * lease before each batch, and again when the batch is out: what it may have published too late is marked as changed, so that the
 * process that has the lease by then publishes it once more.
 */
export class SourceStates {
  readonly #options: SourceStatesOptions;
  readonly #holder = randomUUID();
  readonly #ending = new AbortController();
  readonly #outputs = new Map<string, StateOutput>();
  /** Sources whose lease this process has taken last. */
  readonly #leased = new Set<string>();
  /** When the lease of a source was taken or renewed last, ms since 1970. */
  readonly #renewedMs = new Map<string, number>();
  /** Bins of each source whose levels went out when the lease may have been lost. */
  readonly #doubtful = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | undefined;
  #following: Promise<void> = Promise.resolve();
  #work: Promise<void> = Promise.resolve();

  constructor(options: SourceStatesOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { store, names, leaseMs = LEASE_MS } = this.#options;
    if (names.length === 0) return;
    this.#following = followChanges(store, {
      afterSeq: await newestChange(store),
      signal: this.#ending.signal,
      onError: (error) => this.#warn(error),
      onChanges: (changes) => {
        for (const output of this.#outputs.values()) output.noteChanges(changes);
      },
    });
    this.#timer = setInterval(() => names.forEach((name) => this.#enqueue(name)), leaseMs / 3);
    for (const name of names) this.#enqueue(name);
  }

  /** Gives the leases back, so that another process goes on at once. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#ending.abort();
    for (const output of this.#outputs.values()) void output.stop();
    await Promise.all([this.#following, this.#work]);
    for (const name of this.#options.names) await this.#letGo(name);
  }

  /** To be called at every connect: what the broker had retained may be gone. */
  noteConnected(name: string): void {
    if (!this.#options.names.includes(name) || this.#ending.signal.aborted) return;
    const output = this.#outputs.get(name);
    this.#outputs.delete(name);
    void output?.stop();
    this.#enqueue(name);
  }

  #enqueue(name: string): void {
    this.#work = this.#work.then(() => this.#look(name)).catch((error) => this.#warn(error));
  }

  /** Takes, keeps or lets go of a source's levels, by whether it is connected and whose the lease is. */
  async #look(name: string): Promise<void> {
    const { store, now, isConnected, leaseMs = LEASE_MS } = this.#options;
    if (this.#ending.signal.aborted) return;
    await this.#settle(name);
    if (!isConnected(name)) return this.#letGo(name);
    const nowMs = now();
    if (!(await takeLease(store, { ...this.#lease(name), forMs: leaseMs }, nowMs))) {
      return this.#drop(name);
    }
    // It had run out: others may have published since, and what they did we may not have heard of.
    if (nowMs - (this.#renewedMs.get(name) ?? nowMs) >= leaseMs) await this.#drop(name);
    this.#renewedMs.set(name, nowMs);
    this.#leased.add(name);
    if (!this.#outputs.has(name)) this.#begin(name);
  }

  /** Goes on by itself, since a large town takes longer than a lease lasts. */
  #begin(name: string): void {
    const { store, publish, log } = this.#options;
    const output = new StateOutput({
      store,
      publish: (topic, payload) => publish(name, { topic, payload, qos: 1, retain: true }),
      onError: (error) => this.#warn(error),
      inFlight: IN_FLIGHT,
      guard: (binIds, send) => this.#publishUnderLease(name, binIds, send),
      mayHaveOlder: true,
    });
    // Before the levels are read: what changes meanwhile is told again.
    this.#outputs.set(name, output);
    output.start().then(
      () => log.info({ source: name }, 'All levels are published to the source’s broker'),
      (error: unknown) => {
        this.#warn(error);
        // At the next look, or the next connect, all of it is tried again.
        if (this.#outputs.get(name) === output) this.#outputs.delete(name);
      },
    );
  }

  async #publishUnderLease(
    name: string,
    binIds: readonly string[],
    send: () => Promise<void>,
  ): Promise<void> {
    const { store, now } = this.#options;
    if (!(await hasLease(store, this.#lease(name), now()))) throw new LeaseLostError();
    try {
      await send();
    } finally {
      this.#doubt(name, binIds);
      await this.#settle(name);
    }
  }

  #doubt(name: string, binIds: Iterable<string>): void {
    const doubtful = this.#doubtful.get(name) ?? new Set();
    for (const binId of binIds) doubtful.add(binId);
    this.#doubtful.set(name, doubtful);
  }

  /** Has levels that may have gone out after those of the next holder told again, by whoever that is. */
  async #settle(name: string): Promise<void> {
    const { store, now } = this.#options;
    const doubtful = this.#doubtful.get(name);
    if (doubtful === undefined) return;
    this.#doubtful.delete(name);
    try {
      if (await hasLease(store, this.#lease(name), now())) return;
      const changes = [...doubtful].map((id) => ({ kind: 'bin' as const, id }));
      await store.db.transaction().execute((trx) => appendChanges(trx, store.kind, changes));
    } catch (error) {
      this.#doubt(name, doubtful);
      throw error;
    }
  }

  #lease(name: string): { readonly name: string; readonly holder: string } {
    return { name: leaseName(name), holder: this.#holder };
  }

  async #drop(name: string): Promise<void> {
    const output = this.#outputs.get(name);
    this.#outputs.delete(name);
    await output?.stop();
  }

  async #letGo(name: string): Promise<void> {
    await this.#drop(name);
    if (!this.#leased.delete(name)) return;
    const { store } = this.#options;
    await releaseLease(store, leaseName(name), this.#holder).catch((error) => this.#warn(error));
  }

  #warn(error: unknown): void {
    if (this.#ending.signal.aborted || error instanceof SourceNotConnectedError) return;
    if (error instanceof LeaseLostError) return;
    this.#options.log.warn({ err: error }, 'levels could not be published; it will be tried again');
  }
}

function leaseName(source: string): string {
  return `states-${source}`;
}
