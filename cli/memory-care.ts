import type { Logger } from 'pino';
import type { Store } from '../store/database.ts';
import { ageReadings } from '../store/influx/age-readings.ts';
import type { DeleteOld } from '../store/influx/delete-old.ts';
import type { LongMemory } from '../store/influx/long-memory.ts';
import { forgetOld } from '../store/influx/retain.ts';

/** What housekeeping does for an InfluxDB in one round. Never rejects: SQL keeps everything meanwhile. */
export type MemoryCare = (clockMs: number, signal: AbortSignal) => Promise<void>;

export interface MemoryCareOptions {
  readonly store: Store;
  readonly memory: LongMemory;
  readonly deleteOld: DeleteOld;
  /** How long SQL keeps readings that InfluxDB has; left out, as long as everything else. */
  readonly recentMs?: number | undefined;
  /** How long InfluxDB keeps readings; left out, for ever. */
  readonly keepMs?: number | undefined;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

const DAY_MS = 24 * 3_600_000;

/** Lets SQL go of what InfluxDB has, and has InfluxDB forget what is old enough, once a day. */
export function createMemoryCare(options: MemoryCareOptions): MemoryCare {
  const { store, memory, deleteOld, recentMs, keepMs, log } = options;
  /** Told once, until it changes. */
  let told = '';
  let forgottenDay = -1;
  const warnOnce = (fields: object, message: string): void => {
    if (told !== message) log.warn(fields, message);
    told = message;
  };

  async function age(clockMs: number, signal: AbortSignal): Promise<void> {
    if (recentMs === undefined) return;
    const { dropped, lacking } = await ageReadings(store, memory, { clockMs, recentMs, signal });
    if (dropped > 0)
      log.info({ readings: dropped }, 'SQL has let go of readings that InfluxDB has');
    if (lacking.length > 0) {
      const some = { bins: lacking.length, first: lacking[0] };
      warnOnce(some, 'InfluxDB has fewer readings than SQL, which therefore keeps them');
    } else told = '';
  }

  async function forget(clockMs: number): Promise<void> {
    const day = Math.floor(clockMs / DAY_MS);
    if (keepMs === undefined || day === forgottenDay) return;
    const canForget = await forgetOld(store, deleteOld, { clockMs, keepMs });
    forgottenDay = day;
    if (!canForget) {
      log.warn('this InfluxDB deletes nothing when asked: set how long it keeps data there');
    }
  }

  return async (clockMs, signal) => {
    try {
      await age(clockMs, signal);
      await forget(clockMs);
    } catch (error) {
      warnOnce({ err: error }, 'InfluxDB did not answer housekeeping; SQL keeps its readings');
    }
  };
}
