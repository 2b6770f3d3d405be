import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { guardPersistence } from './guarded-persistence.ts';
import { closeOf } from './testing/test-town.ts';

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
      sessionsPerPrincipal: 1,
      onDropped: () => {},
      routesClients: true,
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

/** Whether an Aedes so guarded still has a message of QoS 2 after a client sent it, and whether it takes the release. */
async function keepIncoming(routesClients: boolean): Promise<{ kept: boolean; released: boolean }> {
  const aedes = await Aedes.createBroker();
  const rules = { isGranted: () => true, queuedPerSession: 1, sessionsPerPrincipal: 1 };
  guardPersistence(aedes, { ...rules, onDropped: () => {}, routesClients });
  // Safe: a listening broker has a persistence of this shape; a client is asked for its id only.
  const { persistence } = aedes as unknown as {
    persistence: Record<string, (client: object, packet: object) => Promise<unknown>>;
  };
  const client = { id: 'c' };
  const message = { cmd: 'publish', messageId: 7, topic: 't', payload: Buffer.from('x'), qos: 2 };
  await persistence['incomingStorePacket']?.(client, message);
  const find = async (packet: object): Promise<boolean> => {
    const found = persistence['incomingGetPacket']?.(client, packet);
    return found?.then(Boolean, () => false) ?? false;
  };
  const kept = await find(message);
  const released = await find({ cmd: 'pubrel', messageId: 7 });
  await new Promise<void>((resolve) => aedes.close(resolve));
  return { kept, released };
}

test('a message of QoS 2 is kept only where clients get each other’s messages', async () => {
  expect(await keepIncoming(false)).toEqual({ kept: false, released: true });
  expect(await keepIncoming(true)).toEqual({ kept: true, released: true });
});

test('the will of a connected client waits for its end, however long the clock says it has been', async () => {
  const aedes = await Aedes.createBroker();
  const rules = { isGranted: () => true, queuedPerSession: 1, sessionsPerPrincipal: 1 };
  guardPersistence(aedes, { ...rules, onDropped: () => {}, routesClients: false });
  // Safe: a listening broker has a persistence of this shape.
  const { persistence } = aedes as unknown as {
    persistence: {
      putWill(client: object, will: object): Promise<void>;
      streamWill(brokers: object): AsyncIterable<unknown>;
    };
  };
  await persistence.putWill({ id: 'c' }, { topic: 'bins/c/up', payload: Buffer.from('gone') });
  const published: unknown[] = [];
  for await (const will of persistence.streamWill({})) published.push(will);
  expect(published).toEqual([]);
  await new Promise<void>((resolve) => aedes.close(resolve));
});
