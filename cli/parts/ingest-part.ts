import { randomUUID } from 'node:crypto';
import { createInfluxFeeder } from '../../ingest/influx-feeder.ts';
import { createIngest } from '../../ingest/ingest.ts';
import { dataPaths } from '../data-folder.ts';
import { Housekeeping } from '../housekeeping.ts';
import { createInfluxTarget } from './influx-target.ts';
import { assertMayListen } from './may-listen.ts';
import { withMetrics } from './metrics-server.ts';
import type { Part, PartContext } from './run-part.ts';

/** Ingest, what feeds InfluxDB, and housekeeping. */
export async function createIngestPart(context: PartContext): Promise<Part> {
  const { settings, store, log, now } = context;
  const { bind, ingestMetricsPort: port } = settings;
  if (port !== null) await assertMayListen(store, bind);
  const ingest = createIngest({
    store,
    journalFolder: dataPaths(settings.dataFolder).journals,
    sources: settings.sources,
    log,
  });
  const target = createInfluxTarget(settings.history);
  const feeder = target && createInfluxFeeder({ store, target, holder: randomUUID(), now, log });
  const housekeeping = new Housekeeping({ store, now, log });
  const part: Part = {
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
  const { registry } = ingest;
  return withMetrics(part, { registry, name: 'ingestMetrics', host: bind, port });
}
