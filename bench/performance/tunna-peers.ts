import path from 'node:path';
import { registerTown } from '../drain/prepare-town.ts';
import { closeStore, openStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';
import { createToken, savePrincipals } from '../../store/principals.ts';
import { readTally } from '../../store/tally.ts';
import { freePort } from '../../tests/servers/free-port.ts';
import { privateFolder, ServerProcess, startServer } from '../../tests/servers/server-process.ts';
import { MAIN, isListening, startTunna } from '../../tests/system/running-tunna.ts';
import type { PartName } from '../../tests/system/running-tunna.ts';
import type { FloodLogin } from './flood-client.ts';
import type { PeerKind } from './peer.ts';

/** Tunna's door by itself: the journal is written, and nobody reads it. */
export const tunnaBroker: PeerKind = {
  name: 'Tunna, broker alone',
  start: async ({ connections }) => {
    const folder = await privateFolder('tunna-broker');
    const port = await freePort();
    const store = openStore(path.join(folder, 'tunna.sqlite'));
    await migrate(store, Date.now());
    const logins = await registerGateways(store, connections, port);
    await closeStore(store);
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TUNNA_DATA_DIR: folder,
      TUNNA_MQTT_PORT: String(port),
      TUNNA_MQTT_WS_PORT: String(await freePort()),
      TUNNA_LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
    };
    const program = { path: process.execPath, env };
    const isReady = (): Promise<boolean> => isListening(port);
    const broker = await startServer(
      new ServerProcess({
        ...{ name: 'tunna broker', program, args: [MAIN, 'broker'] },
        ...{ port, folder, isReady },
      }),
    );
    return {
      logins,
      processes: { broker: broker.pid },
      [Symbol.asyncDispose]: () => broker.stop(),
    };
  },
};

/** The whole product as `tunna start` runs it, with SQLite. */
export const tunnaWhole: PeerKind = {
  name: 'Tunna, whole',
  start: async ({ form, connections }) => {
    const tunna = await startTunna({ NODE_ENV: 'production', TUNNA_LOG_LEVEL: 'warn' });
    const { store, ...opened } = tunna.openStore();
    await registerTown(store, form);
    const logins = await registerGateways(store, connections, tunna.mqttPort);
    const pidOf = (part: PartName): number => tunna.findPart(part) ?? 0;
    return {
      logins,
      processes: {
        broker: pidOf('broker'),
        ingest: pidOf('ingest'),
        dashboard: pidOf('dashboard'),
      },
      countStored: () => countStored(store),
      async [Symbol.asyncDispose]() {
        await opened[Symbol.asyncDispose]();
        await tunna.stop();
      },
    };
  },
};

/** Anything but stored once each is the one thing that must never be. */
async function countStored(store: Store): Promise<number> {
  const tally = await readTally(store.db);
  const other = tally.filter(({ outcome, count }) => outcome !== 'stored' && count > 0);
  if (other.length > 0) throw new Error(`Not stored: ${JSON.stringify(tally)}`);
  return tally.reduce((sum, { count }) => sum + count, 0);
}

/** Gateways speak for many sensors and have no rate of their own. */
async function registerGateways(store: Store, count: number, port: number): Promise<FloodLogin[]> {
  const gateways = Array.from({ length: count }, (_, index) => ({
    id: `gateway-${index}`,
    token: createToken(),
  }));
  await savePrincipals(
    store,
    gateways.map(({ id, token }) => ({
      principal: { id, kind: 'gateway', prefixes: ['bins/#', 'v3/#'], backfill: false },
      token,
    })),
  );
  return gateways.map(({ id, token }) => ({ port, clientId: id, username: id, password: token }));
}
