import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TestTown, publishPacket } from './testing/test-town.ts';
import type { RawPeer } from './testing/test-town.ts';
import { setLevel } from './testing/test-levels.ts';

let town: TestTown;

beforeEach(async () => {
  town = await TestTown.open({ limits: { queuedPerSession: 3, sessionsPerPrincipal: 2 } });
});

afterEach(async () => {
  await town[Symbol.asyncDispose]();
});

async function subscribe(peer: RawPeer, ...filters: string[]): Promise<unknown> {
  const before = peer.of('suback').length;
  const subscriptions = filters.map((topic) => ({ topic, qos: 1 }) as const);
  peer.send({ cmd: 'subscribe', messageId: 1 + before, subscriptions });
  await vi.waitFor(() => expect(peer.of('suback')).toHaveLength(before + 1));
  return peer.of('suback').at(-1)?.granted;
}

const topicsOf = (peer: RawPeer): string[] => peer.of('publish').map(({ topic }) => topic);

test.each([
  ['device', 'bins/dev-2/up'],
  ['device', 'bins/p-1/down'],
  ['device', '$SYS/x'],
  ['device', 'bins/+/up'],
  ['device', 'bins/#'],
  ['device', 'bins/p‐1/up'],
  ['reader', 'state/bin-1'],
  ['reader', 'bins/p-1/up'],
  ['gateway', 'v4/x'],
  ['gateway', 'state/bin-1'],
  ['gateway', 'bins/dev-2/down'],
] as const)(
  'a %s that publishes on %s is disconnected and nothing is kept',
  async (kind, topic) => {
    const token = await town.add('p-1', kind, { prefixes: ['v3/#', 'state/#', 'bins/#'] });
    for (const qos of [0, 1, 2] as const) {
      const peer = await town.connectPeer('p-1', token);
      peer.send(publishPacket(topic, 'x', { qos, ...(qos === 0 ? {} : { messageId: 5 }) }));
      await vi.waitFor(() => expect(peer.closed).toBe(true));
      expect(peer.received.map(({ cmd }) => cmd)).toEqual(['connack']);
    }
    expect(town.countJournal()).toBe(0);
    const refused = await town.broker.registry.getSingleMetricAsString(
      'tunna_broker_refused_total',
    );
    if (!/[+#]/.test(topic)) expect(refused).toContain('reason="topic"} 3');
  },
);

describe('a payload', () => {
  test('of the largest size passes and of one byte more closes the connection', async () => {
    const token = await town.add('dev-1');
    const peer = await town.connectPeer('dev-1', token);
    peer.send(publishPacket('bins/dev-1/up', Buffer.alloc(16 * 1024)));
    await vi.waitFor(() => expect(peer.of('puback')).toHaveLength(1));
    peer.send(publishPacket('bins/dev-1/up', Buffer.alloc(16 * 1024 + 1)));
    await vi.waitFor(() => expect(peer.closed).toBe(true));
    expect(peer.of('puback')).toHaveLength(1);
    expect(town.countJournal()).toBe(1);
  });

  test('of a gateway may be larger, up to its own limit', async () => {
    const token = await town.add('ttn', 'gateway', { prefixes: ['v3/#'] });
    const peer = await town.connectPeer('ttn', token);
    peer.send(publishPacket('v3/x', Buffer.alloc(128 * 1024)));
    await vi.waitFor(() => expect(peer.of('puback')).toHaveLength(1));
    peer.send(publishPacket('v3/x', Buffer.alloc(256 * 1024)));
    await vi.waitFor(() => expect(peer.closed).toBe(true));
    expect(town.countJournal()).toBe(1);
  });
});

describe('a subscription', () => {
  test('that is denied gets 128 and the connection stays', async () => {
    const peer = await town.connectPeer('crew', await town.add('crew', 'reader'));
    expect(await subscribe(peer, 'state/#', '#', '$SYS/#', '$share/g/state/#', 'alert/+')).toEqual([
      1, 128, 128, 128, 1,
    ]);
    expect(peer.closed).toBe(false);
    const device = await town.connectPeer('dev-1', await town.add('dev-1'));
    expect(await subscribe(device, 'bins/dev-1/down', 'bins/dev-2/down', 'state/#')).toEqual([
      1, 128, 128,
    ]);
    const gateway = await town.connectPeer(
      'ttn',
      await town.add('ttn', 'gateway', { prefixes: ['#'] }),
    );
    expect(await subscribe(gateway, '#', 'state/#')).toEqual([128, 128]);
  });

  test('that was denied is not kept in the session: nothing of it comes after a reconnect', async () => {
    const token = await town.add('dev-1');
    await setLevel(town.store, 'bin-1', 10);
    const lasting = { clean: false, clientId: 'lasting' };
    const first = await town.connectPeer('dev-1', token, lasting);
    expect(await subscribe(first, 'bins/dev-1/down', '#', 'state/#')).toEqual([1, 128, 128]);
    first.socket.destroy();
    await vi.waitFor(() => expect(first.closed).toBe(true));

    const reader = await town.connectPeer('crew', await town.add('crew', 'reader'));
    await subscribe(reader, 'state/#');
    await setLevel(town.store, 'bin-2', 20);
    await vi.waitFor(() => expect(topicsOf(reader)).toContain('state/bin-2'), { timeout: 5_000 });

    const again = await town.connectPeer('dev-1', token, lasting);
    expect(again.of('connack')[0]?.sessionPresent).toBe(true);
    again.send({ cmd: 'pingreq' });
    await vi.waitFor(() => expect(again.of('pingresp')).toHaveLength(1));
    await setLevel(town.store, 'bin-3', 30);
    await vi.waitFor(() => expect(topicsOf(reader)).toContain('state/bin-3'), { timeout: 5_000 });
    expect(again.of('publish')).toEqual([]);
  });

  test('of a session that is away queues so many messages and no more', async () => {
    const token = await town.add('crew', 'reader');
    const lasting = { clean: false, clientId: 'lasting' };
    const first = await town.connectPeer('crew', token, lasting);
    await subscribe(first, 'state/#');
    first.socket.destroy();
    await vi.waitFor(() => expect(first.closed).toBe(true));
    const witness = await town.connectPeer('crew', token, { clientId: 'witness' });
    await subscribe(witness, 'state/#');
    for (const bin of ['a', 'b', 'c', 'd', 'e']) await setLevel(town.store, bin, 1);
    await vi.waitFor(() => expect(topicsOf(witness)).toHaveLength(5), { timeout: 8_000 });
    const again = await town.connectPeer('crew', token, lasting);
    await vi.waitFor(() => expect(topicsOf(again).length).toBeGreaterThan(0));
    again.send({ cmd: 'pingreq' });
    await vi.waitFor(() => expect(again.of('pingresp')).toHaveLength(1));
    expect(topicsOf(again)).toHaveLength(3);
  });

  test('is kept for so many sessions of a principal; one more gets what comes while it is connected', async () => {
    const token = await town.add('crew', 'reader');
    const open = (clientId: string): Promise<RawPeer> =>
      town.connectPeer('crew', token, { clientId, clean: false });
    const peers = [await open('one'), await open('two'), await open('three')];
    for (const peer of peers) await subscribe(peer, 'state/#');
    await setLevel(town.store, 'bin-1', 1);
    for (const peer of peers) {
      await vi.waitFor(() => expect(topicsOf(peer)).toEqual(['state/bin-1']), { timeout: 5_000 });
      peer.socket.destroy();
      await vi.waitFor(() => expect(peer.closed).toBe(true));
    }
    const present = async (clientId: string): Promise<boolean | undefined> =>
      (await open(clientId)).of('connack')[0]?.sessionPresent;
    expect([await present('one'), await present('two'), await present('three')]).toEqual([
      true,
      true,
      false,
    ]);
    // Whoever wants no session any more makes room for another.
    await town.connectPeer('crew', token, { clientId: 'one', clean: true });
    await subscribe(await open('four'), 'state/#');
    expect(await present('four')).toBe(true);
  });

  test('beyond sixteen of a client is denied until another is given up', async () => {
    const peer = await town.connectPeer('crew', await town.add('crew', 'reader'));
    const filters = (from: number, to: number): string[] =>
      Array.from({ length: to - from + 1 }, (_, index) => `state/bin-${from + index}`);
    await subscribe(peer, ...filters(1, 8));
    expect(await subscribe(peer, ...filters(9, 15))).toEqual(Array.from({ length: 7 }, () => 1));
    expect(await subscribe(peer, ...filters(16, 18))).toEqual([1, 128, 128]);
    expect(await subscribe(peer, 'state/bin-1')).toEqual([1]);
    peer.send({ cmd: 'unsubscribe', messageId: 50, unsubscriptions: ['state/bin-1'] });
    await vi.waitFor(() => expect(peer.of('unsuback')).toHaveLength(1));
    expect(await subscribe(peer, 'state/bin-18')).toEqual([1]);
  });

  test('with nine filters in one packet closes the connection', async () => {
    const peer = await town.connectPeer('crew', await town.add('crew', 'reader'));
    const subscriptions = Array.from(
      { length: 9 },
      (_, i) => ({ topic: `state/${i}`, qos: 0 }) as const,
    );
    peer.send({ cmd: 'subscribe', messageId: 1, subscriptions });
    await vi.waitFor(() => expect(peer.closed).toBe(true));
  });
});
