import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TestTown, publishPacket } from './testing/test-town.ts';
import type { RawPeer } from './testing/test-town.ts';

let town: TestTown;
let token: string;
let bystander: RawPeer;

beforeEach(async () => {
  town = await TestTown.open({ limits: { connectTimeoutMs: 300, unauthenticatedPerAddress: 3 } });
  token = await town.add('dev-1');
  bystander = await connectPeer('bystander');
});

afterEach(async () => {
  // Whatever one client did, another goes on.
  bystander.send(publishPacket('bins/dev-1/up', 'alive', { messageId: 77 }));
  await vi.waitFor(() => expect(bystander.of('puback').at(-1)?.messageId).toBe(77));
  await town[Symbol.asyncDispose]();
});

function connectPeer(clientId = 'raw'): Promise<RawPeer> {
  return town.connectPeer('dev-1', token, { clientId });
}

const closed = (peer: RawPeer): Promise<void> =>
  vi.waitFor(() => expect(peer.closed).toBe(true), { timeout: 3_000 });

describe('before authentication', () => {
  test('a packet announced as 256 MB is refused at its header', async () => {
    const peer = await town.openPeer();
    peer.socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f, 0x00]));
    await closed(peer);
    const refused = await town.broker.registry.getSingleMetricAsString(
      'tunna_broker_refused_total',
    );
    expect(refused).toContain('reason="too-large"} 1');
  });

  test('a CONNECT of more than 8 KB is refused', async () => {
    const peer = await town.openPeer();
    peer.sendConnect('dev-1', 'x'.repeat(9_000));
    await closed(peer);
    expect(peer.received).toEqual([]);
  });

  test('silence and half a CONNECT end after the timeout', async () => {
    const silent = await town.openPeer();
    const half = await town.openPeer();
    half.socket.write(Buffer.from([0x10, 0x20, 0x00]));
    await closed(silent);
    await closed(half);
  });

  test('messages sent along with a CONNECT that fails are not kept', async () => {
    const peer = await town.openPeer();
    peer.sendConnect('dev-1', 'wrong');
    peer.send(publishPacket('bins/dev-1/up', 'x'));
    await closed(peer);
    expect(peer.of('puback')).toEqual([]);
    expect(town.countJournal()).toBe(0);
  });

  test('messages sent along with a CONNECT that is accepted are kept', async () => {
    const peer = await town.openPeer();
    peer.sendConnect('dev-1', token);
    peer.send(publishPacket('bins/dev-1/up', 'x', { messageId: 3 }));
    await vi.waitFor(() => expect(peer.of('puback')).toHaveLength(1));
  });

  test.each([
    ['a PUBLISH', publishPacket('bins/dev-1/up', 'x')],
    ['a SUBSCRIBE', { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '#', qos: 0 }] }],
    ['a PINGREQ', { cmd: 'pingreq' }],
  ] as const)('%s instead of a CONNECT closes', async (_name, packet) => {
    const peer = await town.openPeer();
    peer.send(packet as Parameters<RawPeer['send']>[0]);
    await closed(peer);
    expect(peer.received).toEqual([]);
  });
});

describe('poison', () => {
  test.each([
    ['not MQTT', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a reserved type', Buffer.from([0x00, 0x00])],
    ['an endless length', Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['QoS 3', Buffer.from([0x36, 0x03, 0x00, 0x01, 0x61])],
    ['a topic longer than its packet', Buffer.from([0x30, 0x04, 0xff, 0xff, 0x61, 0x62])],
    ['packet identifier 0', Buffer.from([0x32, 0x05, 0x00, 0x01, 0x61, 0x00, 0x00])],
    ['a SUBSCRIBE with wrong flags', Buffer.from([0x80, 0x06, 0x00, 0x01, 0x00, 0x01, 0x61, 0x00])],
    ['an empty topic', Buffer.from([0x30, 0x02, 0x00, 0x00])],
    ['a topic with NUL', Buffer.from([0x30, 0x03, 0x00, 0x01, 0x00])],
    ['a topic of broken UTF-8', Buffer.from([0x30, 0x04, 0x00, 0x02, 0xc3, 0x28])],
    ['a second CONNECT', Buffer.from('100c00044d5154540402000000000000', 'hex')],
    ['an answer nobody asked for', Buffer.from([0x90, 0x03, 0x00, 0x01, 0x00])],
  ])('%s closes its own connection only', async (_name, bytes) => {
    const peer = await connectPeer();
    peer.socket.write(bytes);
    await closed(peer);
    expect(town.countJournal()).toBe(0);
  });

  test('random bytes, before and after authentication, do no harm', async () => {
    let state = 42;
    const randomByte = (): number =>
      (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) >> 16;
    for (let round = 0; round < 20; round += 1) {
      const bytes = Buffer.from(Array.from({ length: 200 }, randomByte));
      const peer = round % 2 === 0 ? await connectPeer(`r${round}`) : await town.openPeer();
      peer.socket.end(bytes);
      await closed(peer);
    }
  });
});
