import { createBroker } from '../../broker/broker.ts';
import type { Store } from '../../store/database.ts';
import { listPrincipals } from '../../store/principals.ts';
import { dataPaths } from '../data-folder.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { isLoopback } from '../settings/rules.ts';
import type { Addresses } from '../supervise/part-message.ts';
import { connectHost, urlHost } from './connect-host.ts';
import type { Part, PartContext } from './run-part.ts';
import { readTlsFiles } from './tls-files.ts';

/** The MQTT door. `door` names its journal: brokers side by side on one data folder need different ones. */
export async function createBrokerPart(context: PartContext, door: string): Promise<Part> {
  const { settings, store, log, now } = context;
  const { bind, mqttPort, mqttWsPort: wsPort, mqttsPort, mqttOpen: open } = settings;
  await assertMayListen(store, bind);
  const files = readTlsFiles(settings);
  const tls = files !== undefined && mqttsPort !== null ? { ...files, port: mqttsPort } : undefined;
  const broker = createBroker({
    ...{ store, door, host: bind, mqttPort, wsPort, open, now, log },
    journalFolder: dataPaths(settings.dataFolder).journals,
    ...(tls && { tls }),
  });
  return {
    async start() {
      const ports = await broker.start();
      const host = urlHost(connectHost(bind));
      const addresses: Addresses = { mqtt: `mqtt://${host}:${ports.mqttPort}` };
      if (ports.wsPort !== null) addresses['mqttWebSocket'] = `ws://${host}:${ports.wsPort}`;
      if (ports.tlsPort !== undefined) addresses['mqttTls'] = `mqtts://${host}:${ports.tlsPort}`;
      return addresses;
    },
    stop: () => broker.stop(),
  };
}

/** Nothing listens beyond loopback until somebody has set credentials. Throws a {@link Refusal}. */
export async function assertMayListen(store: Store, bind: string): Promise<void> {
  if (isLoopback(bind)) return;
  const principals = await listPrincipals(store);
  if (principals.some(({ revokedAtMs }) => revokedAtMs === null)) return;
  throw new Refusal(
    EXIT.config,
    `TUNNA_BIND=${bind} is reachable from outside, but nobody has credentials yet; run "tunna device add" first`,
  );
}
