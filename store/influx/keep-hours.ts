import type { Store } from '../database.ts';
import { readHoursBefore } from '../recent-readings.ts';
import { READINGS } from './influx-levels.ts';
import type { InfluxPoint } from './influx-point.ts';
import { InfluxQueryError } from './influx-query.ts';
import type { InfluxTarget } from './influx-target.ts';
import type { LongMemory } from './long-memory.ts';
import { InfluxWriteError } from './write-error.ts';

const NANOSECOND_DIGITS = 6;

/**
 * A target that also keeps the hours right: readings of a time whose hours are computed already, because they came late or were
 * corrected, have those computed anew before the write counts as done. Whoever writes them again after a crash does both again.
 */
export function keepHours(
  target: InfluxTarget,
  { store, memory }: { readonly store: Store; readonly memory: Pick<LongMemory, 'refreshHours'> },
): InfluxTarget {
  const refresh = async (points: readonly InfluxPoint[]): Promise<void> => {
    const beforeMs = await readHoursBefore(store);
    if (beforeMs === undefined) return;
    const late = points.flatMap((point) => toLate(point, beforeMs));
    if (late.length === 0) return;
    await memory.refreshHours(late).catch((cause: unknown) => {
      if (!(cause instanceof InfluxQueryError)) throw cause;
      // To whoever writes, a server that does not answer a question has not taken the points.
      const detail = `the hours of late readings cannot be computed: ${cause.message}`;
      throw new InfluxWriteError({ failure: 'failed', detail, cause });
    });
  };
  return {
    ...target,
    async write(points) {
      await target.write(points);
      await refresh(points);
    },
  };
}

function toLate(
  { measurement, tags, timestampNs }: InfluxPoint,
  beforeMs: number,
): { readonly binId: string; readonly observedAtMs: number }[] {
  const binId = tags['bin'];
  const observedAtMs = Number(timestampNs.slice(0, -NANOSECOND_DIGITS));
  if (measurement !== READINGS || binId === undefined || observedAtMs >= beforeMs) return [];
  return [{ binId, observedAtMs }];
}
