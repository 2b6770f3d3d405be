import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Store } from '../store/database.ts';
import { feedInflux } from '../store/influx/feed-influx.ts';
import type { InfluxTarget } from '../store/influx/influx-target.ts';
import { releaseLease, takeLease } from '../store/leases.ts';

export interface InfluxFeederOptions {
  readonly store: Store;
  readonly target: InfluxTarget;
  /** Name of this process among those that share the database. */
  readonly holder: string;
  readonly now: () => number;
  readonly log: Logger;
}

export interface InfluxFeeder {
  start(): void;
  stop(): Promise<void>;
}

const LEASE = 'influx-feeder';
/** Longer than one request may take, so that a slow server does not hand the lease around. */
const LEASE_MS = 30_000;
const IDLE_MS = 1_000;
/** Pauses while InfluxDB is away: from the first to the last, doubling. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** Empties the outbox into InfluxDB, in whichever process holds the lease. InfluxDB may be away as long as it likes. */
export function createInfluxFeeder(options: InfluxFeederOptions): InfluxFeeder {
  const { store, target, holder, now, log } = options;
  const ending = new AbortController();
  const { signal } = ending;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      try {
        const mine = await takeLease(store, { name: LEASE, holder, forMs: LEASE_MS }, now());
        const fed = mine ? await feedInflux(store, target) : undefined;
        if (fed !== undefined && fed.refused > 0) {
          const { refused, detail } = fed;
          log.warn({ refused, detail }, 'InfluxDB will never take some readings; SQL has them');
        }
        if (retryMs > FIRST_RETRY_MS) log.info('InfluxDB takes readings again');
        retryMs = FIRST_RETRY_MS;
        if (fed === undefined || fed.readings === 0) await pause(IDLE_MS);
      } catch (error) {
        log.warn(
          { err: error, retryMs },
          'InfluxDB did not take the readings; they wait in the outbox',
        );
        await pause(retryMs);
        retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
      }
    }
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
