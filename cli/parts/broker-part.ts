import { createBroker } from '../../broker/broker.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { dataPaths } from '../data-folder.ts';
import type { Addresses } from '../supervise/part-message.ts';
import { connectHost, urlHost } from './connect-host.ts';
import { assertMayListen } from './may-listen.ts';
import { withMetrics } from './metrics-server.ts';
import type { Part, PartContext } from './run-part.ts';
import { readTlsFiles } from './tls-files.ts';
import { TlsWatch } from './tls-watch.ts';

/** The MQTT door. `door` names its journal: brokers side by side on one data folder need different ones. */
export async function createBrokerPart(context: PartContext, door: string): Promise<Part> {
  const { settings, store, log, now } = context;
  const {
    bind,
    mqttBind: plainHost,
    mqttPort,
    mqttWsPort: wsPort,
    mqttsPort,
    mqttOpen: open,
  } = settings;
  if (settings.hasExternalBroker) {
    const message =
      'TUNNA_BROKER is external: sensors connect to another broker, and ours has no work';
    throw new Refusal(EXIT.config, message);
  }
  await assertMayListen(store, bind);
  await assertMayListen(store, plainHost);
  const files = readTlsFiles(settings);
  const clientCertificates = settings.tls?.clientCertificates;
  const tls =
    files !== undefined && mqttsPort !== null
      ? { ...files, clientCertificates, port: mqttsPort }
      : undefined;
  const broker = createBroker({
    ...{ store, door, host: bind, plainHost, mqttPort, wsPort, open, now, log },
    journalFolder: dataPaths(settings.dataFolder).journals,
    ...(tls && { tls }),
  });
  let watch: TlsWatch | undefined;
  const part: Part = {
    async start() {
      const ports = await broker.start();
      if (tls !== undefined) {
        const replace = broker.replaceCertificate.bind(broker);
        watch = new TlsWatch(settings, tls, replace, log);
      }
      const host = urlHost(connectHost(plainHost));
      const tlsHost = urlHost(connectHost(bind));
      const addresses: Addresses = { mqtt: `mqtt://${host}:${ports.mqttPort}` };
      if (ports.wsPort !== null) addresses['mqttWebSocket'] = `ws://${host}:${ports.wsPort}`;
      if (ports.tlsPort !== undefined) addresses['mqttTls'] = `mqtts://${tlsHost}:${ports.tlsPort}`;
      return addresses;
    },
    stop() {
      watch?.[Symbol.dispose]();
      return broker.stop();
    },
  };
  const { registry } = broker;
  const port = settings.brokerMetricsPort;
  return withMetrics(part, { registry, name: 'brokerMetrics', host: bind, port });
}
