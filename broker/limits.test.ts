import { once } from 'node:events';
import mqttPacket from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { BrokerLimits } from './broker-options.ts';
import { setLevel } from './testing/test-levels.ts';
import { TestTown, connectPacket, publishPacket } from './testing/test-town.ts';
import type { RawPeer } from './testing/test-town.ts';

let town: TestTown;

afterEach(async () => {
  await town[Symbol.asyncDispose]();
});

async function openTown(limits: Partial<BrokerLimits> = {}): Promise<void> {
  town = await TestTown.open({ limits });
}

/** CONNACK code of a CONNECT. */
async function connectCode(id: string, token: string): Promise<number | undefined> {
  const peer = await town.openPeer();
  peer.sendConnect(id, token);
  await vi.waitFor(() => expect(peer.of('connack')).toHaveLength(1));
  return peer.of('connack')[0]?.returnCode;
}

async function isAlive(peer: RawPeer, topic: string): Promise<void> {
  const before = peer.of('puback').length;
  peer.send(publishPacket(topic, 'alive', { messageId: 777 }));
  await vi.waitFor(() => expect(peer.of('puback')).toHaveLength(before + 1));
}

const closed = (peer: RawPeer): Promise<void> =>
  vi.waitFor(() => expect(peer.closed).toBe(true), { timeout: 5_000 });

const refusals = (): Promise<string> =>
  town.broker.registry.getSingleMetricAsString('tunna_broker_refused_total');

describe('a device that sends what costs it nothing', () => {
  const floods: [string, Packet][] = [
    ['pings', { cmd: 'pingreq' }],
    [
      'subscriptions',
      { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'bins/bad/down', qos: 0 }] },
    ],
    ['ends of subscriptions', { cmd: 'unsubscribe', messageId: 1, unsubscriptions: ['a'] }],
    ['acknowledgements of nothing', { cmd: 'puback', messageId: 9 }],
    ['releases of nothing', { cmd: 'pubrel', messageId: 9 }],
  ];

  test.each(floods)('without end, %s, is disconnected; its neighbour is not', async (_, packet) => {
    await openTown({ controlBurst: 50, controlPacketsPerSecond: 1 });
    const good = await town.connectPeer('good', await town.add('good'));
    const bad = await town.connectPeer('bad', await town.add('bad'));
    bad.send(...Array.from({ length: 2_000 }, () => packet));
    await closed(bad);
    // One refusal for the connection, not one for each packet behind it.
    expect(await refusals()).toContain('reason="too-many-packets"} 1');
    await isAlive(good, 'bins/good/up');
  });

  test('too often earns nothing by connecting anew, or twice; its neighbour is not concerned', async () => {
    await openTown({ controlBurst: 50, controlPacketsPerSecond: 0.001 });
    const token = await town.add('bad');
    const second = await town.connectPeer('bad', token, { clientId: 'second' });
    const first = await town.connectPeer('bad', token);
    first.send(...Array.from({ length: 51 }, () => ({ cmd: 'pingreq' }) as const));
    await closed(first);
    second.send({ cmd: 'pingreq' });
    await closed(second);
    const third = await town.connectPeer('bad', token);
    third.send({ cmd: 'pingreq' });
    await closed(third);
    expect(third.of('pingresp')).toEqual([]);
    const good = await town.connectPeer('good', await town.add('good'));
    good.send({ cmd: 'pingreq' });
    await vi.waitFor(() => expect(good.of('pingresp')).toHaveLength(1));
  });

  test('now and then stays connected', async () => {
    await openTown({ controlBurst: 50, controlPacketsPerSecond: 1 });
    const peer = await town.connectPeer('dev-1', await town.add('dev-1'));
    peer.send(...Array.from({ length: 40 }, () => ({ cmd: 'pingreq' }) as const));
    await vi.waitFor(() => expect(peer.of('pingresp')).toHaveLength(40));
    await isAlive(peer, 'bins/dev-1/up');
  });
});

describe('answers are not counted', () => {
  test('to the levels a reader is sent', async () => {
    await openTown({ controlBurst: 5, controlPacketsPerSecond: 1 });
    await town.broker.stop();
    for (let bin = 0; bin < 100; bin += 1) await setLevel(town.store, `bin-${bin}`, 1);
    await town.startBroker({ limits: { controlBurst: 5, controlPacketsPerSecond: 1 } });
    const reader = await town.connectPeer('crew', await town.add('crew', 'reader'));
    reader.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: 'state/#', qos: 1 }],
    });
    await vi.waitFor(() => expect(reader.of('publish')).toHaveLength(100), { timeout: 10_000 });
    const acks = reader.of('publish').map(({ messageId = 0 }) => messageId);
    reader.send(...acks.map((messageId) => ({ cmd: 'puback', messageId }) as const));
    reader.send({ cmd: 'pingreq' });
    await vi.waitFor(() => expect(reader.of('pingresp')).toHaveLength(1));
  });

  test('that release messages of QoS 2', async () => {
    await openTown({ controlBurst: 5, controlPacketsPerSecond: 1 });
    const gateway = await town.connectPeer(
      'ttn',
      await town.add('ttn', 'gateway', { prefixes: ['#'] }),
    );
    const ids = Array.from({ length: 200 }, (_, index) => index + 1);
    gateway.send(...ids.map((messageId) => publishPacket('v3/x', 'x', { qos: 2, messageId })));
    await vi.waitFor(() => expect(gateway.of('pubrec')).toHaveLength(200));
    gateway.send(...ids.map((messageId) => ({ cmd: 'pubrel', messageId }) as const));
    await vi.waitFor(() => expect(gateway.of('pubcomp')).toHaveLength(200));
    expect(gateway.closed).toBe(false);
  });
});

describe('a keep alive', () => {
  test.each([
    ['none', 0],
    ['a longer one', 3_600],
    ['as long a one', 1],
  ])('is held to the longest that counts when a client asks for %s', async (_, keepalive) => {
    await openTown({ keepAliveSeconds: 1 });
    const silent = await town.connectPeer('dev-1', await town.add('dev-1'), { keepalive });
    await vi.waitFor(() => expect(silent.closed).toBe(true), { timeout: 20_000 });
  });

  test('of a client whose other end is gone ends its connection, and another may take its place', async () => {
    await openTown({ connectionsPerDevice: 1 });
    const token = await town.add('dev-1');
    // It reads nothing and says nothing more, and its socket stays open: what a lost radio link looks like from here.
    const halfOpen = await town.connectPeer('dev-1', token, { clientId: 'old', keepalive: 1 });
    halfOpen.socket.pause();
    expect(await connectCode('dev-1', token)).toBe(3);
    await vi.waitFor(async () => expect(await connectCode('dev-1', token)).toBe(0), {
      ...{ timeout: 20_000, interval: 200 },
    });
  });
});

describe('connecting', () => {
  test('too often is refused for one principal, not for another', async () => {
    await openTown({ connectBurst: 3, connectsPerSecond: 0.001, failureDelayMs: 10 });
    const token = await town.add('dev-1');
    for (let time = 0; time < 3; time += 1) expect(await connectCode('dev-1', token)).toBe(0);
    expect(await connectCode('dev-1', token)).toBe(3);
    expect(await refusals()).toContain('reason="throttled"} 1');
    expect(await connectCode('dev-2', await town.add('dev-2'))).toBe(0);
  });

  test('with a wrong token keeps waiting whoever does it, and nobody beside it', async () => {
    await openTown({ failuresPerMinute: 2, failureDelayMs: 3_600_000 });
    const token = await town.add('dev-1');
    expect(await connectCode('dev-1', 'wrong')).toBe(4);
    expect(await connectCode('dev-1', 'wrong')).toBe(4);
    const failing = await town.openPeer();
    failing.sendConnect('dev-1', 'wrong');
    expect(await connectCode('dev-1', token)).toBe(0);
    expect(failing.received).toEqual([]);
  });

  test('may be followed at once by whatever an accepted client may send', async () => {
    await openTown();
    const token = await town.add('ttn', 'gateway', { prefixes: ['v3/#'] });
    const peer = await town.openPeer();
    const ids = Array.from({ length: 100 }, (_, index) => index + 1);
    const small = ids.map((messageId) => publishPacket('v3/x', 'x', { messageId }));
    const large = publishPacket('v3/x', Buffer.alloc(30_000), { messageId: 101 });
    peer.send(connectPacket('ttn', token), ...small, large);
    await vi.waitFor(() => expect(peer.of('puback')).toHaveLength(101));
    expect(peer.of('connack')[0]?.returnCode).toBe(0);
  });

  test('is followed by no more than a stranger may send when it is refused', async () => {
    await openTown();
    const peer = await town.openPeer();
    const large = publishPacket('v3/x', Buffer.alloc(30_000));
    peer.send(connectPacket('dev-1', 'wrong'), large);
    await closed(peer);
    expect(peer.received.map(({ cmd }) => cmd)).toEqual(['connack']);
    expect(town.countJournal()).toBe(0);
  });
});

describe('messages that wait', () => {
  const slow = { deviceBurst: 1, deviceMessagesPerSecond: 0.001 };

  test('for the rate of their device are bounded in bytes on each connection', async () => {
    await openTown({ ...slow, unacknowledgedBytesPerConnection: 50_000 });
    const good = await town.connectPeer(
      'good',
      await town.add('good', 'device', { backfill: true }),
    );
    const bad = await town.connectPeer('bad', await town.add('bad'));
    for (let messageId = 1; messageId <= 4; messageId += 1) {
      bad.send(publishPacket('bins/bad/up', Buffer.alloc(16_000), { messageId }));
    }
    await closed(bad);
    expect(await refusals()).toContain('reason="too-many-unacknowledged"} 1');
    await isAlive(good, 'bins/good/up');
  });

  test('are bounded in bytes together, until their sender has left', async () => {
    const rate = { deviceBurst: 1, deviceMessagesPerSecond: 0.5 };
    await openTown({ ...rate, waitingBytes: 40_000, journalFailureDelayMs: 10 });
    const send = (peer: RawPeer, id: string, count: number): void => {
      for (let messageId = 1; messageId <= count; messageId += 1) {
        peer.send(publishPacket(`bins/${id}/up`, Buffer.alloc(16_000), { messageId }));
      }
    };
    // The first is within the rate, two wait, and one is too many.
    const bad = await town.connectPeer('bad', await town.add('bad'));
    send(bad, 'bad', 4);
    await closed(bad);
    // What waited takes no room from another's that has to wait.
    const next = await town.connectPeer('next', await town.add('next'));
    send(next, 'next', 2);
    await vi.waitFor(() => expect(next.of('puback')).toHaveLength(2), { timeout: 10_000 });
  });

  test('wait by a clock that nobody sets', async () => {
    town = await TestTown.open({
      now: () => 1_800_000_000_000,
      limits: { deviceBurst: 2, deviceMessagesPerSecond: 100 },
    });
    const peer = await town.connectPeer('dev-1', await town.add('dev-1'));
    const ids = Array.from({ length: 10 }, (_, index) => index + 1);
    peer.send(...ids.map((messageId) => publishPacket('bins/dev-1/up', 'x', { messageId })));
    await vi.waitFor(() => expect(peer.of('puback')).toHaveLength(10));
  });
});

test('wills count as messages: coming and going earns a device nothing', async () => {
  await openTown({ deviceBurst: 2, deviceMessagesPerSecond: 0.001 });
  const token = await town.add('dev-1');
  const will = {
    topic: 'bins/dev-1/up',
    payload: Buffer.from('gone'),
    qos: 1,
    retain: false,
  } as const;
  for (let round = 0; round < 4; round += 1) {
    const peer = await town.connectPeer('dev-1', token, { will });
    peer.socket.destroy();
    await closed(peer);
  }
  await vi.waitFor(async () => expect(await refusals()).toContain('reason="throttled"} 2'));
  expect(town.countJournal()).toBe(2);
});

test('acknowledging what was never sent makes no room in the queue of a session', async () => {
  await openTown({ queuedPerSession: 3 });
  const token = await town.add('crew', 'reader');
  const lasting = { clean: false, clientId: 'lasting' };
  const first = await town.connectPeer('crew', token, lasting);
  const subscriptions = [{ topic: 'state/#', qos: 1 } as const];
  first.send({ cmd: 'subscribe', messageId: 1, subscriptions });
  await vi.waitFor(() => expect(first.of('suback')).toHaveLength(1));
  for (const bin of ['a', 'b', 'c']) await setLevel(town.store, bin, 1);
  await vi.waitFor(() => expect(first.of('publish')).toHaveLength(3), { timeout: 5_000 });
  const sent = new Set(first.of('publish').map(({ messageId }) => messageId));
  const never = [60_001, 60_002, 60_003, 60_004, 60_005, 60_006].filter((id) => !sent.has(id));
  first.send(...never.map((messageId) => ({ cmd: 'puback', messageId }) as const));
  first.send({ cmd: 'pingreq' });
  await vi.waitFor(() => expect(first.of('pingresp')).toHaveLength(1));
  for (const bin of ['d', 'e', 'f']) await setLevel(town.store, bin, 1);
  const witness = await town.connectPeer('crew', token, { clientId: 'witness' });
  witness.send({ cmd: 'subscribe', messageId: 1, subscriptions });
  await vi.waitFor(() => expect(witness.of('publish')).toHaveLength(6), { timeout: 5_000 });
  first.socket.destroy();
  await closed(first);
  const again = await town.connectPeer('crew', token, lasting);
  await vi.waitFor(() => expect(again.of('publish').length).toBeGreaterThan(0));
  again.send({ cmd: 'pingreq' });
  await vi.waitFor(() => expect(again.of('pingresp')).toHaveLength(1));
  expect(again.of('publish')).toHaveLength(3);
});

test('a reader that takes nothing is disconnected, and others hear of levels again', async () => {
  await openTown({ drainTimeoutMs: 300 });
  await town.broker.stop();
  for (let bin = 0; bin < 50; bin += 1) await setLevel(town.store, `bin-${bin}`, 1);
  // Levels of an unlikely size, so that few of them fill a socket.
  const reasons = JSON.stringify(['x'.repeat(400_000)]);
  await town.store.db.updateTable('bin_states').set({ reasons }).execute();
  await town.startBroker({ limits: { drainTimeoutMs: 300 } });
  const stuck = await town.connectPeer('stuck', await town.add('stuck', 'reader'));
  stuck.socket.pause();
  const subscribe = (topic: string): Buffer =>
    mqttPacket.generate({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic, qos: 1 }],
    });
  stuck.socket.write(subscribe('state/#'));
  const good = await town.connectPeer('crew', await town.add('crew', 'reader'));
  good.socket.write(subscribe('state/new'));
  await vi.waitFor(() => expect(good.of('suback')).toHaveLength(1));
  // The first is written to the stuck one, too, and whatever follows waits until that is done.
  for (const levels of [1, 2]) {
    await setLevel(town.store, 'new', levels);
    await vi.waitFor(() => expect(good.of('publish')).toHaveLength(levels), { timeout: 8_000 });
  }
  const connections = await town.broker.registry.getSingleMetricAsString(
    'tunna_broker_connections',
  );
  expect(connections).toContain('tunna_broker_connections 1');
});

test('one address cannot take all places from another', async () => {
  await openTown({ maxConnections: 30, unauthenticatedPerAddress: 5 });
  const token = await town.add('dev-1');
  // Loopback is a whole network: strangers of one address, then a device of another.
  const strangers: RawPeer[] = [];
  for (let index = 0; index < 30; index += 1) strangers.push(await town.openPeer('127.0.0.2'));
  const peer = await town.openPeer('127.0.0.3');
  peer.sendConnect('dev-1', token);
  await vi.waitFor(() => expect(peer.of('connack')[0]?.returnCode).toBe(0));
  await vi.waitFor(() => expect(strangers.filter((one) => one.closed)).toHaveLength(1));
  const more = await town.openPeer('127.0.0.2');
  await closed(more);
  expect(peer.closed).toBe(false);
  await isAlive(peer, 'bins/dev-1/up');
});

test('a request that never becomes a WebSocket ends in time', async () => {
  town = await TestTown.open({ wsPort: 0 });
  const socket = await town.openSocket(town.ports.wsPort ?? 0);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  socket.resume();
  await once(socket, 'close');
}, 15_000);
