import { setImmediate as nextTurn } from 'node:timers/promises';
import mqttPacket from 'mqtt-packet';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestTown, publishPacket } from './testing/test-town.ts';
import type { RawPeer } from './testing/test-town.ts';

let town: TestTown;
let peer: RawPeer;

beforeEach(async () => {
  town = await TestTown.open();
  const token = await town.add('gw', 'gateway', { prefixes: ['town/#'] });
  peer = await town.connectPeer('gw', token);
  peer.socket.setNoDelay(true);
});

afterEach(async () => {
  await town[Symbol.asyncDispose]();
});

const pubacks = (): (number | undefined)[] => peer.of('puback').map(({ messageId }) => messageId);
const texts = (): string[] => town.readJournal().map(({ payload }) => String(payload));
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const waitFor = (condition: () => void): Promise<void> =>
  vi.waitFor(condition, { timeout: 10_000 });

test('messages are kept whole wherever the network cuts them', async () => {
  const packets = numbers(5).map((id) =>
    mqttPacket.generate(publishPacket(`town/${id}`, `message ${id}`, { messageId: id })),
  );
  const bytes = Buffer.concat(packets);
  for (let offset = 0; offset < bytes.length; offset += 3) {
    peer.socket.write(bytes.subarray(offset, offset + 3));
    await nextTurn();
  }
  await waitFor(() => expect(pubacks()).toEqual(numbers(5)));
  expect(texts()).toEqual(numbers(5).map((id) => `message ${id}`));
});

test('messages of many reads of the socket are kept in their order, and acknowledged in it', async () => {
  const ids = numbers(300);
  const payload = (id: number): string => `${id} `.padEnd(700, 'x');
  peer.send(...ids.map((id) => publishPacket(`town/${id % 7}`, payload(id), { messageId: id })));
  await waitFor(() => expect(pubacks()).toEqual(ids));
  expect(texts()).toEqual(ids.map(payload));
});

test('acknowledgements keep their order across topics that need a closer look, and other packets', async () => {
  const ids = numbers(60);
  const packets = ids.flatMap((id) => [
    publishPacket(id % 3 === 0 ? `town/åäö/${id}` : `town/${id}`, `${id}`, { messageId: id }),
    ...(id % 10 === 0 ? [{ cmd: 'pingreq' } as const] : []),
  ]);
  peer.send(...packets);
  await waitFor(() => expect(pubacks()).toEqual(ids));
  expect(peer.of('pingresp')).toHaveLength(6);
  expect(texts()).toEqual(ids.map(String));
});

test('QoS 2 goes its longer way between messages of QoS 0 and 1', async () => {
  peer.send(
    publishPacket('town/a', 'one', { messageId: 1 }),
    publishPacket('town/a', 'two', { messageId: 2, qos: 2 }),
    publishPacket('town/a', 'three', { qos: 0 }),
    publishPacket('town/a', 'four', { messageId: 4 }),
  );
  await waitFor(() => expect(pubacks()).toEqual([1, 4]));
  await waitFor(() => expect(peer.of('pubrec').map(({ messageId }) => messageId)).toEqual([2]));
  peer.send({ cmd: 'pubrel', messageId: 2 });
  await waitFor(() => expect(peer.of('pubcomp')).toHaveLength(1));
  expect(texts()).toEqual(['one', 'two', 'three', 'four']);
});

test.each(['', 'town/#', 'town/+', `town/${'a/'.repeat(200)}`, 'town/\u0000', 'town/\u0007'])(
  'the topic %j ends the connection, and nothing behind it is kept',
  async (topic) => {
    const good = mqttPacket.generate(publishPacket('town/a', 'before', { messageId: 1 }));
    const after = mqttPacket.generate(publishPacket('town/a', 'after', { messageId: 3 }));
    peer.socket.write(Buffer.concat([good, rawPublish(topic), after]));
    await waitFor(() => expect(peer.closed).toBe(true));
    const other = await town.connectPeer('dev-1', await town.add('dev-1'));
    other.send(publishPacket('bins/dev-1/up', 'later'));
    await waitFor(() => expect(other.of('puback')).toHaveLength(1));
    expect(texts()).not.toContain('after');
  },
);

test('a client that is silent beyond its keep alive is closed, one that sends messages is not', async () => {
  const token = await town.add('dev-1');
  const login = (clientId: string) => ({ clientId, keepalive: 2 });
  const silent = await town.connectPeer('dev-1', token, login('silent'));
  const busy = await town.connectPeer('dev-1', token, login('busy'));
  let sent = 0;
  while (!silent.closed) {
    busy.send(publishPacket('bins/dev-1/up', 'x', { messageId: ++sent }));
    await waitFor(() => expect(busy.of('puback')).toHaveLength(sent));
  }
  expect(busy.closed).toBe(false);
});

/** mqtt-packet writes no topic that is none. */
function rawPublish(topic: string): Buffer {
  const name = Buffer.from(topic);
  const length = 2 + name.length + 2;
  const head = [0x32, (length & 0x7f) | 0x80, length >> 7, name.length >> 8, name.length & 0xff];
  return Buffer.concat([Buffer.from(head), name, Buffer.from([0, 2])]);
}
