import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { guardPersistence } from './guarded-persistence.ts';
import { closeOf } from './test-town.ts';

const isGranted = (filter: string): boolean => filter === 'mine';

/**
 * What an Aedes that denies everything but `mine` hands out after a reconnect to a client that asked for `mine` and `#`
 * in one packet, with a message on `mine` last.
 */
async function receiveAfterReconnect(guarded: boolean): Promise<string[]> {
  const aedes = await Aedes.createBroker({
    authorizeSubscribe: (_client, sub, done) => done(null, isGranted(sub.topic) ? sub : null),
  });
  if (guarded) {
    guardPersistence(aedes, {
      isGranted: (_client, filter) => isGranted(filter),
      queuedPerSession: 100,
      onDropped: () => {},
    });
  }
  const server = createServer((socket) => void aedes.handle(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Safe: it listens on TCP.
  const { port } = server.address() as AddressInfo;
  const options = { clientId: 'spy', clean: false, reconnectPeriod: 0 };
  const first = mqtt.connect(`mqtt://127.0.0.1:${port}`, options);
  await first.subscribeAsync(['mine', '#'], { qos: 1 }).catch(() => {});
  const closed = closeOf(first);
  first.end(true);
  await closed;
  for (const topic of ['secret/1', 'mine']) {
    const packet = {
      cmd: 'publish',
      topic,
      payload: 'x',
      qos: 1,
      retain: false,
      dup: false,
    } as const;
    await new Promise((resolve) => aedes.publish(packet, resolve));
  }
  const topics: string[] = [];
  const again = mqtt.connect(`mqtt://127.0.0.1:${port}`, options);
  await new Promise<void>((resolve) => {
    again.on('message', (topic) => {
      topics.push(topic);
      if (topic === 'mine') resolve();
    });
  });
  again.end(true);
  server.close();
  await new Promise<void>((resolve) => aedes.close(resolve));
  return topics;
}

test('a denied filter hands nothing out after a reconnect', async () => {
  expect(await receiveAfterReconnect(true)).toEqual(['mine']);
});

test('Aedes alone would hand it out: when this fails, the guard is no longer needed', async () => {
  expect(await receiveAfterReconnect(false)).toEqual(['secret/1', 'mine']);
});
