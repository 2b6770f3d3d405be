import { Aedes } from 'aedes';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestTown, publishPacket } from '../../broker/testing/test-town.ts';
import type { RawPeer } from '../../broker/testing/test-town.ts';
import { listAudit, verifyAudit } from '../../store/audit-log.ts';
import type { AuditAction } from '../../store/audit.ts';

let town: TestTown;
let token: string;
beforeEach(async () => {
  town = await TestTown.open();
  token = await town.add('dev-1');
});
afterEach(() => town[Symbol.asyncDispose]());

async function connect(): Promise<RawPeer> {
  return town.connectPeer('dev-1', token);
}

/** The newest row of this kind, which is written a moment after. */
async function audited(action: AuditAction): Promise<object> {
  return vi.waitFor(async () => {
    const [row] = await listAudit(town.store, { action, limit: 1 });
    if (row === undefined) throw new Error('not yet');
    return { actor: row.actor, subject: row.subject, ...JSON.parse(row.detail) };
  });
}

async function closed(peer: RawPeer): Promise<void> {
  await vi.waitFor(() => expect(peer.closed).toBe(true));
}

test('a rogue device without a token, with a wrong one or with another’s stays outside, and is written down', async () => {
  const theirs = await town.add('dev-2');
  for (const password of ['', 'wrong', theirs]) {
    const peer = await town.openPeer();
    peer.sendConnect('dev-1', password);
    peer.send(publishPacket('bins/dev-1/up', 'x'));
    await closed(peer);
    expect(peer.of('connack')[0]?.returnCode).toBe(4);
  }
  expect(await audited('connect-refused')).toMatchObject({
    actor: '127.0.0.1',
    subject: 'dev-1',
    reason: 'credentials',
  });
  expect(town.countJournal()).toBe(0);
});

test('a device eavesdrops on nobody, whatever filter it thinks of', async () => {
  const filters = [
    ...[
      '#',
      '/#',
      '+',
      '+/+',
      '+/+/+',
      'bins/#',
      'bins/+',
      'bins/+/up',
      'bins/+/#',
      'bins/dev-2/up',
    ],
    ...['bins/dev-2/down', 'bins/dev-1/#', 'bins/dev-1/+', 'bins/dev-1/up', 'bins/dev-1/../#'],
    ...[
      'bins/dev-1/down/#',
      'bins/dev-10/down',
      'Bins/dev-1/down',
      'bins/DEV-1/down',
      ' bins/dev-1/down',
    ],
    ...[
      'bins//down',
      'bins/dev-1/down/',
      '/bins/dev-1/down',
      'bins/ｄev-1/down',
      'bins/dev‑1/down',
    ],
    ...['$SYS/#', '$SYS/+/new/clients', '$share/g/#', '$share/g/bins/+/up', 'state/#'],
  ];
  expect(filters).toHaveLength(30);
  // Eight filters a packet, and each packet costs a token of the connection.
  for (const [index, topic] of filters.entries()) {
    const peer = await connect();
    const subscription = { topic, qos: 1 as const };
    peer.send({ cmd: 'subscribe', messageId: index + 1, subscriptions: [subscription] });
    await vi.waitFor(() => expect(peer.closed || peer.of('suback').length === 1).toBe(true));
    expect([topic, peer.of('suback')[0]?.granted ?? [128]]).toEqual([topic, [128]]);
    peer.socket.destroy();
  }
  expect(await audited('subscribe-refused')).toMatchObject({ actor: 'dev-1', reason: 'filter' });
});

test('a device speaks for no other', async () => {
  await town.add('dev-2');
  for (const topic of [
    'bins/dev-2/up',
    'bins/dev-1/down',
    'state/bin-1',
    'v3/a/devices/dev-2/up',
  ]) {
    const peer = await connect();
    peer.send(publishPacket(topic, '{"fillPercent":100}'));
    await closed(peer);
    expect(peer.of('puback')).toEqual([]);
  }
  expect(town.countJournal()).toBe(0);
  expect(await audited('publish-refused')).toMatchObject({ actor: 'dev-1', reason: 'topic' });
});

test('a device leaves no last will on another’s topic', async () => {
  const will = { topic: 'bins/dev-2/up', payload: Buffer.from('x'), qos: 1 as const, retain: true };
  const peer = await town.openPeer();
  peer.sendConnect('dev-1', token, { will });
  await closed(peer);
  expect(peer.of('connack')[0]?.returnCode).toBe(5);
  expect(await audited('connect-refused')).toMatchObject({ actor: 'dev-1', reason: 'will' });
});

test('nothing that a device sends is retained or passed on, not even on its own topic', async () => {
  // Whatever Aedes retains, queues or delivers, it is told here.
  using routed = vi.spyOn(Aedes.prototype, 'publish');
  const topics = (): string[] => routed.mock.calls.map(([{ topic }]) => topic);
  const peer = await connect();
  for (let messageId = 1; messageId <= 200; messageId += 1) {
    const qos = messageId % 2 === 0 ? 1 : 2;
    peer.send(publishPacket('bins/dev-1/up', 'x', { retain: true, qos, messageId }));
  }
  await vi.waitFor(() => expect(peer.of('puback')).toHaveLength(100), 10_000);
  await vi.waitFor(() => expect(peer.of('pubrec')).toHaveLength(100), 10_000);
  expect(town.countJournal()).toBe(200);
  // Its own news of a client have passed there, the device's message has not.
  expect(topics()).toContainEqual(expect.stringMatching(/^\$SYS\/.*\/new\/clients$/));
  expect(topics()).not.toContain('bins/dev-1/up');
});

test('what a gateway sends reaches nobody, where it may both send and listen, then or later', async () => {
  const topic = 'v3/town/devices/dev-1/down/push';
  const gate = await town.add('ttn', 'gateway', { prefixes: ['v3/#'] });
  const listen = async (clientId: string): Promise<RawPeer> => {
    const peer = await town.connectPeer('ttn', gate, { clientId });
    peer.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] });
    await vi.waitFor(() => expect(peer.of('suback')[0]?.granted).toEqual([1]));
    return peer;
  };
  const before = await listen('before');
  before.send(publishPacket(topic, 'x', { retain: true }));
  await vi.waitFor(() => expect(before.of('puback')).toHaveLength(1));
  const after = await listen('after');
  // What was on its way to them would have come before this answer.
  for (const peer of [before, after]) {
    peer.send({ cmd: 'pingreq' });
    await vi.waitFor(() => expect(peer.of('pingresp')).toHaveLength(1));
    expect(peer.of('publish')).toEqual([]);
  }
});

test('a bomb of subscriptions is cut off', async () => {
  const peer = await connect();
  const subscriptions = Array.from({ length: 1_000 }, (_, i) => ({
    topic: `a/${i}`,
    qos: 0 as const,
  }));
  peer.send({ cmd: 'subscribe', messageId: 1, subscriptions });
  await closed(peer);
  expect(await audited('packet-refused')).toMatchObject({ actor: 'dev-1' });
});

test('a flood of refusals is one row at once and one for the rest, and the chain holds', async () => {
  // No more than a connection may send at once; the topics differ, the kind does not.
  const FLOOD = 150;
  const peer = await connect();
  for (let messageId = 1; messageId <= FLOOD; messageId += 1) {
    const subscriptions = [{ topic: `bins/${messageId}/up`, qos: 0 as const }];
    peer.send({ cmd: 'subscribe', messageId, subscriptions });
  }
  await vi.waitFor(() => expect(peer.of('suback')).toHaveLength(FLOOD), 10_000);
  await audited('subscribe-refused');
  await town.broker.stop();
  const rows = await listAudit(town.store, { action: 'subscribe-refused', limit: 99 });
  expect(rows.map(({ times }) => times)).toEqual([FLOOD - 1, 1]);
  expect((await verifyAudit(town.store)).faults).toEqual([]);
});
