import type { InfluxTarget } from '../../store/influx/influx-target.ts';
import { keepHours } from '../../store/influx/keep-hours.ts';
import { createLongMemory } from '../../store/influx/long-memory.ts';
import { createMemoryCare } from '../memory-care.ts';
import type { MemoryCare } from '../memory-care.ts';
import { createInfluxServer } from './influx-server.ts';
import { DAY_MS, monthsMs } from './months.ts';
import type { PartContext } from './run-part.ts';

/** What ingest does for the InfluxDB that was chosen. */
export interface InfluxWork {
  /** Where the outbox is emptied to. */
  readonly target: InfluxTarget;
  readonly careForMemory: MemoryCare;
}

/** `undefined`: none was chosen. */
export function createInfluxWork({ settings, store, log }: PartContext): InfluxWork | undefined {
  const server = createInfluxServer(settings.history);
  // Housekeeping has connections of its own: neither waits for the other.
  const own = createInfluxServer(settings.history);
  if (server === undefined || own === undefined) return undefined;
  const { query, deleteOld } = own;
  const memory = createLongMemory(query, own.target);
  const target = keepHours(server.target, {
    store,
    memory: createLongMemory(query, server.target),
  });
  return {
    target: {
      ...target,
      async close() {
        await Promise.all([target.close(), own.target.close()]);
      },
    },
    careForMemory: createMemoryCare({
      ...{ store, memory, deleteOld, log },
      recentMs: settings.recentDays === null ? undefined : settings.recentDays * DAY_MS,
      keepMs: monthsMs(settings.retentionMonths),
    }),
  };
}
