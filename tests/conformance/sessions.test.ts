import { afterAll, afterEach, beforeAll, describe, test } from 'vitest';
import { TestTown } from '../../broker/testing/test-town.ts';
import { BytePeer } from './byte-peer.ts';
import { CONNACK, connect, packet, text, u16 } from './wire.ts';
import type { ConnectParts } from './wire.ts';

let town: TestTown;
let sender: BytePeer;

beforeAll(async () => {
  town = await TestTown.open({ open: true });
  sender = await BytePeer.connect(town.ports.mqttPort);
});

afterAll(async () => {
  sender[Symbol.dispose]();
  await town[Symbol.asyncDispose]();
});

/** Each test finds nothing kept. */
afterEach(async () => {
  using _ended = await come(CONNACK, { ...LASTING, flags: 0x02 });
  await publish('a', 0x33, '');
});

const LASTING: ConnectParts = { clientId: 'lasting', flags: 0 };
const PRESENT = packet(0x20, 1, 0);

/** A connection of the session that lasts; `connack` says whether the broker has to know it. */
async function come(connack: Buffer, parts = LASTING): Promise<BytePeer> {
  const peer = await BytePeer.open(town.ports.mqttPort);
  peer.send(connect(parts));
  await peer.receive(connack);
  return peer;
}

async function subscribe(peer: BytePeer, filter: string, qos: number): Promise<void> {
  peer.send(packet(0x82, u16(5), text(filter), qos));
  await peer.receive(packet(0x90, u16(5), qos));
}

async function publish(topic: string, first: number, payload: string): Promise<void> {
  sender.send(packet(first, text(topic), u16(9), payload));
  const isQos2 = (first & 0x04) !== 0;
  await sender.receive(packet(isQos2 ? 0x50 : 0x40, u16(9)));
  if (!isQos2) return;
  sender.send(packet(0x62, u16(9)));
  await sender.receive(packet(0x70, u16(9)));
}

/** One message of QoS 1 or 2, whatever its identifier, which is returned. */
async function receiveMessage(peer: BytePeer, first: number, payload: string): Promise<Buffer> {
  const topic = text('a');
  await peer.receive(packet(first, topic, u16(0), payload).subarray(0, 2 + topic.length));
  const id = await peer.take(2);
  await peer.receive(Buffer.from(payload));
  return id;
}

describe('a session that lasts', () => {
  test('[MQTT-3.2.2-2, 3] is told to be there at the second connect only', async () => {
    using first = await come(CONNACK);
    await subscribe(first, 'a', 1);
    await first.drop();
    using _second = await come(PRESENT);
  });

  test('[MQTT-3.1.2-5] gets what came meanwhile, QoS 1 and 2, in its order', async () => {
    using first = await come(CONNACK);
    await subscribe(first, 'a', 2);
    await first.drop();
    await publish('a', 0x32, 'one');
    await publish('a', 0x34, 'two');
    using second = await come(PRESENT);
    const one = await receiveMessage(second, 0x32, 'one');
    const two = await receiveMessage(second, 0x34, 'two');
    second.send(packet(0x40, one), packet(0x50, two));
    await second.receive(packet(0x62, two));
    second.send(packet(0x70, two));
    await second.receiveNothing();
    await second.drop();
    using third = await come(PRESENT);
    await third.receiveNothing();
  });

  test('[MQTT-3.3.1-9] gets as a message like any other what was retained meanwhile', async () => {
    using first = await come(CONNACK);
    await subscribe(first, 'a', 1);
    await first.drop();
    await publish('a', 0x33, 'one');
    using second = await come(PRESENT);
    const one = await receiveMessage(second, 0x32, 'one');
    second.send(packet(0x40, one));
    await second.receiveNothing();
  });

  test('[MQTT-4.4.0-1] gets again what it has not acknowledged', async () => {
    using first = await come(CONNACK);
    await subscribe(first, 'a', 1);
    await publish('a', 0x32, 'one');
    await receiveMessage(first, 0x32, 'one');
    await first.drop();
    using second = await come(PRESENT);
    await receiveMessage(second, 0x32, 'one');
  });

  test('[MQTT-4.3.3-1] gets nothing twice of QoS 2, with two messages under way at once', async () => {
    using first = await come(CONNACK);
    await subscribe(first, 'a', 2);
    await publish('a', 0x34, 'one');
    await publish('a', 0x34, 'two');
    const one = await receiveMessage(first, 0x34, 'one');
    const two = await receiveMessage(first, 0x34, 'two');
    first.send(packet(0x50, one), packet(0x50, two));
    await first.receive(packet(0x62, one), packet(0x62, two));
    first.send(packet(0x70, one), packet(0x70, two));
    await first.receiveNothing();
    await first.drop();
    using second = await come(PRESENT);
    await second.receiveNothing();
  });

  test('[MQTT-4.4.0-1] is sent the release again that it has not answered, and not the message', async () => {
    using first = await come(CONNACK);
    await subscribe(first, 'a', 2);
    await publish('a', 0x34, 'one');
    const one = await receiveMessage(first, 0x34, 'one');
    first.send(packet(0x50, one));
    await first.receive(packet(0x62, one));
    await first.drop();
    using second = await come(PRESENT);
    await second.receive(packet(0x62, one));
    second.send(packet(0x70, one));
    await second.receiveNothing();
  });

  test('gets a retained message of QoS 2, whose answers end nothing', async () => {
    await publish('a', 0x35, 'kept');
    using peer = await come(CONNACK);
    await subscribe(peer, 'a', 2);
    const id = await receiveMessage(peer, 0x35, 'kept');
    peer.send(packet(0x50, id));
    await peer.receive(packet(0x62, id));
    peer.send(packet(0x70, id));
    await peer.receiveNothing();
  });

  test('[MQTT-3.1.2-6] ends with a connect that wants none', async () => {
    using first = await come(CONNACK);
    await subscribe(first, 'a', 1);
    await first.drop();
    using clean = await come(CONNACK, { ...LASTING, flags: 0x02 });
    await clean.drop();
    await publish('a', 0x32, 'one');
    using last = await come(CONNACK);
    await last.receiveNothing();
  });
});

describe('a client id', () => {
  test('[MQTT-3.1.4-2] that connects again ends the first connection', async () => {
    using first = await come(CONNACK, { clientId: 'same' });
    using second = await come(CONNACK, { clientId: 'same' });
    await first.receiveEnd();
    await second.receiveNothing();
  });
});

describe('a will', () => {
  const parts: ConnectParts = { flags: 0x06, rest: [text('will'), text('gone')] };
  const will = packet(0x30, text('will'), 'gone');

  async function watch(): Promise<BytePeer> {
    const watcher = await BytePeer.connect(town.ports.mqttPort);
    await subscribe(watcher, 'will', 0);
    return watcher;
  }

  test('[MQTT-3.1.2-8] is published when the connection is lost', async () => {
    using watcher = await watch();
    using peer = await BytePeer.connect(town.ports.mqttPort, parts);
    await peer.drop();
    await watcher.receive(will);
  });

  test('[MQTT-3.1.2-10] is not published behind a DISCONNECT', async () => {
    using watcher = await watch();
    using peer = await BytePeer.connect(town.ports.mqttPort, parts);
    peer.send(packet(0xe0));
    await peer.receiveEnd();
    await watcher.receiveNothing();
  });

  test('[MQTT-3.1.2-8] is published when a packet was malformed', async () => {
    using watcher = await watch();
    using peer = await BytePeer.connect(town.ports.mqttPort, parts);
    peer.send(packet(0x00));
    await peer.receiveEnd();
    await watcher.receive(will);
  });

  test('[MQTT-3.1.2-24] is published when a client keeps silent for longer than it said', async () => {
    using watcher = await watch();
    using silent = await BytePeer.connect(town.ports.mqttPort, { ...parts, keepAlive: 1 });
    await watcher.receive(will);
    await silent.receiveEnd();
    // Whoever said nothing of a keep alive stays.
    await watcher.receiveNothing();
  });
});

describe('a retained message', () => {
  test('[MQTT-3.3.1-6, 7, 9] goes to whoever subscribes, as such, and not to whoever has', async () => {
    using early = await BytePeer.connect(town.ports.mqttPort);
    await subscribe(early, 'a', 0);
    await publish('a', 0x33, 'kept');
    await early.receive(packet(0x30, text('a'), 'kept'));
    using late = await BytePeer.connect(town.ports.mqttPort);
    await subscribe(late, '+', 0);
    await late.receive(packet(0x31, text('a'), 'kept'));
  });

  test('[MQTT-3.3.1-10, 11] is deleted by an empty one', async () => {
    await publish('a', 0x33, 'kept');
    await publish('a', 0x33, '');
    using late = await BytePeer.connect(town.ports.mqttPort);
    await subscribe(late, '#', 0);
    await late.receiveNothing();
  });
});
