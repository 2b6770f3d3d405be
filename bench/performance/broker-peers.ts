import path from 'node:path';
import { freePort } from '../../tests/servers/free-port.ts';
import { startMosquitto } from '../../tests/servers/mosquitto.ts';
import { startNats } from '../../tests/servers/nats.ts';
import { privateFolder, ServerProcess, startServer } from '../../tests/servers/server-process.ts';
import { isListening } from '../../tests/system/running-tunna.ts';
import { anonymousLogins } from './peer.ts';
import type { Peer, PeerKind } from './peer.ts';

const PLAIN_AEDES = path.join(import.meta.dirname, 'plain-aedes.ts');

export const mosquittoAlone: PeerKind = {
  name: 'Mosquitto, nothing on disk',
  start: async ({ connections }) => {
    const broker = await startMosquitto();
    return asPeer(broker, broker.port, connections);
  },
};

export const natsAlone: PeerKind = {
  name: 'NATS, JetStream on disk',
  start: async ({ connections }) => {
    const broker = await startNats();
    return asPeer(broker, broker.mqttPort, connections);
  },
};

export const plainAedes: PeerKind = {
  name: 'plain Aedes, nothing on disk',
  start: async ({ connections }) => {
    const port = await freePort();
    const folder = await privateFolder('aedes');
    const program = { path: process.execPath, env: { ...process.env } };
    const isReady = (): Promise<boolean> => isListening(port);
    const args = [PLAIN_AEDES, String(port)];
    const broker = await startServer(
      new ServerProcess({ name: 'aedes', program, args, port, folder, isReady }),
    );
    return asPeer(broker, port, connections);
  },
};

function asPeer(broker: ServerProcess, port: number, connections: number): Peer {
  return {
    logins: anonymousLogins(port, connections),
    processes: { broker: broker.pid },
    [Symbol.asyncDispose]: () => broker.stop(),
  };
}
