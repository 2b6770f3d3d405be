import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Store } from '../store/database.ts';
import { beginBackfill, isBackfilled, queueBackfillPage } from '../store/influx/backfill.ts';
import { READINGS_PER_REQUEST, readBatch, writeBatch } from '../store/influx/feed-influx.ts';
import type { Batch, FeedReport } from '../store/influx/feed-influx.ts';
import type { InfluxTarget } from '../store/influx/influx-target.ts';
import { InfluxWriteError } from '../store/influx/write-error.ts';
import { releaseLease, takeLease } from '../store/leases.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { createInfluxMetrics } from './influx-metrics.ts';

export interface InfluxFeederOptions {
  readonly store: Store;
  readonly target: InfluxTarget;
  /** Name of this process among those that share the database. */
  readonly holder: string;
  readonly now: () => number;
  readonly log: Logger;
  /** Where its metrics are put; left out: nowhere. */
  readonly registry?: Registry;
  /** A number from 0 to 1, for the lengths of pauses. */
  readonly random?: () => number;
}

export interface InfluxFeeder {
  start(): void;
  stop(): Promise<void>;
}

const LEASE = 'influx-feeder';
/** Longer than one request may take, so that a slow server does not hand the lease around. */
const LEASE_MS = 30_000;
const IDLE_MS = 1_000;
/** A request that a server may be too slow for is halved, down to this, and doubled again with each one that is taken. */
const FEWEST_READINGS = 100;

/** Empties the outbox into InfluxDB, in whichever process holds the lease. InfluxDB may be away as long as it likes. */
export function createInfluxFeeder(options: InfluxFeederOptions): InfluxFeeder {
  const { store, target, holder, now, log, random = Math.random } = options;
  const metrics = createInfluxMetrics(options.registry, store);
  const breaker = new CircuitBreaker(random);
  const ending = new AbortController();
  const { signal } = ending;
  let running: Promise<void> | undefined;
  let readingsPerRequest = READINGS_PER_REQUEST;
  /** Read already, and neither written nor struck off. */
  let ahead: Batch | undefined;
  /** Whether we have looked what it lacks, and whether it lacks nothing. */
  let hasBegun = false;
  let isComplete = false;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const mine = await takeLease(store, { name: LEASE, holder, forMs: LEASE_MS }, now());
        const hasMore = mine && (await feedOnce());
        if (!hasMore) await pause(IDLE_MS);
      } catch (error) {
        await pause(noteFailure(error));
        setBreaker(() => breaker.tryAgain());
      }
    }
  }

  /** Sends one batch. Returns whether another may be waiting. */
  async function feedOnce(): Promise<boolean> {
    if (!hasBegun) {
      const lacking = await beginBackfill(store, target);
      if (lacking > 0) log.info({ readings: lacking }, 'InfluxDB gets what was there before it');
      hasBegun = true;
    }
    const batch = ahead ?? (await readBatch(store, readingsPerRequest));
    ahead = undefined;
    if (batch === undefined) return queueOld();
    // The next batch is read while the server works on this one.
    const [fed, next] = await Promise.all([
      writeBatch(store, target, batch),
      batch.isFull ? readBatch(store, readingsPerRequest, batch.lastId) : undefined,
    ]);
    ahead = next;
    noteFed(fed);
    readingsPerRequest = Math.min(2 * readingsPerRequest, READINGS_PER_REQUEST);
    // What is new goes first: a page of old ones follows when little else waits.
    return batch.isFull || queueOld();
  }

  /** Queues a page of old readings, if any are left, which may be because somebody has asked for them once more. */
  async function queueOld(): Promise<boolean> {
    const wasComplete = isComplete;
    isComplete = await isBackfilled(store, target);
    if (!isComplete) await queueBackfillPage(store, target);
    else if (!wasComplete) log.info('InfluxDB has been given all that is in SQL');
    return !isComplete;
  }

  function noteFed(fed: FeedReport): void {
    if (breaker.state !== 'closed') log.info('InfluxDB takes readings again');
    setBreaker(() => breaker.noteSuccess());
    metrics.noteFed(fed);
    const { refused, expired, detail } = fed;
    if (refused > 0) {
      log.warn({ refused, detail }, 'InfluxDB refuses readings; "tunna influx rejects" lists them');
    }
    if (expired > 0) {
      log.info({ expired, detail }, 'readings are older than InfluxDB keeps any; SQL has them');
    }
  }

  /** Returns how long to wait. */
  function noteFailure(error: unknown): number {
    const code = error instanceof InfluxWriteError ? error.code : 'database';
    const asked = error instanceof InfluxWriteError ? error.retryAfterMs : undefined;
    metrics.noteError(code);
    ahead = undefined;
    // It may be that it was too much at once; a server that is just away gets a small request to begin with.
    readingsPerRequest = Math.max(FEWEST_READINGS, readingsPerRequest >> 1);
    const retryMs = setBreaker(() => Math.round(breaker.noteFailure(asked)));
    const detail = { err: error, code, retryMs };
    log.warn(detail, 'InfluxDB did not take the readings; they wait in the outbox');
    return retryMs;
  }

  function setBreaker<T>(change: () => T): T {
    const result = change();
    metrics.setBreaker(breaker.state);
    return result;
  }

  async function pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal }).catch(() => {});
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      ending.abort();
      await running;
      // A database that is away must not keep us from ending: a lease runs out by itself.
      await releaseLease(store, LEASE, holder).catch((error: unknown) => {
        log.warn({ err: error }, 'the lease of the InfluxDB feeder could not be given back');
      });
      await target.close();
    },
  };
}
