import { randomUUID } from 'node:crypto';
import { SourceSender } from '../../ingest/commands/source-sender.ts';
import { createInfluxFeeder } from '../../ingest/influx-feeder.ts';
import { createIngest } from '../../ingest/ingest.ts';
import { createMqttSources } from '../../ingest/sources/mqtt-sources.ts';
import { SourceStates } from '../../ingest/sources/source-states.ts';
import { workersPart } from '../../ingest/sources/worker.ts';
import { dataPaths } from '../data-folder.ts';
import { Housekeeping } from '../housekeeping.ts';
import { createInfluxWork } from './influx-work.ts';
import { monthsMs } from './months.ts';
import { assertMayListen } from './may-listen.ts';
import { withMetrics } from './metrics-server.ts';
import type { Part, PartContext } from './run-part.ts';
import { readMqttSources } from './source-files.ts';

/** Ingest, the clients of other brokers and the commands that go through them, what feeds InfluxDB, and housekeeping. */
export async function createIngestPart(context: PartContext): Promise<Part> {
  const { settings, store, log, now } = context;
  const { bind, ingestMetricsPort: port } = settings;
  if (port !== null) await assertMayListen(store, bind);
  const journalFolder = dataPaths(settings.dataFolder).journals;
  const { worker } = settings;
  const mqttSources = readMqttSources(settings).flatMap((it) => workersPart(it, worker) ?? []);
  const ingest = createIngest({
    store,
    journalFolder,
    sources: settings.sources,
    isShared: worker.count > 1,
    log,
  });
  const { registry } = ingest;
  const sources = createMqttSources({
    ...{ sources: mqttSources, store, journalFolder, registry, worker, log, now },
    onConnected: (name) => states.noteConnected(name),
  });
  const names = mqttSources.map(({ name }) => name);
  const states = new SourceStates({
    ...{ store, now, log },
    names: mqttSources.filter(({ mqtt }) => mqtt.states).map(({ name }) => name),
    publish: sources.publish,
    isConnected: sources.isConnected,
  });
  const sender = new SourceSender({ store, names, publish: sources.publish, now, log });
  const influx = createInfluxWork(context);
  const target = influx?.target;
  const feeder =
    target && createInfluxFeeder({ store, target, holder: randomUUID(), now, log, registry });
  const housekeeping = new Housekeeping({
    ...{ store, now, log, careForMemory: influx?.careForMemory },
    keepMs: monthsMs(settings.retentionMonths),
    auditKeepMs: monthsMs(settings.auditMonths),
  });
  const part: Part = {
    async start() {
      ingest.start();
      sources.start();
      await sender.start();
      await states.start();
      feeder?.start();
      housekeeping.start();
      return {};
    },
    async stop() {
      // What the sources acknowledge in the end, ingest stores at its next start.
      const statesStopped = states.stop();
      const sourcesStopped = sources.stop().then(() => sender.stop());
      await Promise.all([
        statesStopped,
        sourcesStopped,
        ingest.stop(),
        feeder?.stop(),
        housekeeping.stop(),
      ]);
    },
  };
  return withMetrics(part, { registry, name: 'ingestMetrics', host: bind, port });
}
