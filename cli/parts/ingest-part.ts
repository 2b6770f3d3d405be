import { randomUUID } from 'node:crypto';
import { createInfluxFeeder } from '../../ingest/influx-feeder.ts';
import { createIngest } from '../../ingest/ingest.ts';
import { dataPaths } from '../data-folder.ts';
import { Housekeeping } from '../housekeeping.ts';
import { createInfluxTarget } from './influx-target.ts';
import type { Part, PartContext } from './run-part.ts';

/** Ingest, what feeds InfluxDB, and housekeeping. */
export async function createIngestPart(context: PartContext): Promise<Part> {
  const { settings, store, log, now } = context;
  const ingest = createIngest({
    store,
    journalFolder: dataPaths(settings.dataFolder).journals,
    log,
  });
  const target = createInfluxTarget(settings.history);
  const feeder = target && createInfluxFeeder({ store, target, holder: randomUUID(), now, log });
  const housekeeping = new Housekeeping({ store, now, log });
  return {
    async start() {
      ingest.start();
      feeder?.start();
      housekeeping.start();
      return {};
    },
    async stop() {
      await Promise.all([ingest.stop(), feeder?.stop(), housekeeping.stop()]);
    },
  };
}
