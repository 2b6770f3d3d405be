import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TestTown, publishPacket } from '../../broker/testing/test-town.ts';

let town: TestTown;
beforeEach(async () => {
  town = await TestTown.open();
});
afterEach(() => town[Symbol.asyncDispose]());

/** A neighbour is served as if nothing were. */
async function neighbourIsServed(): Promise<void> {
  const peer = await town.connectPeer('good', await town.add('good'), { clientId: 'good' });
  peer.send(publishPacket('bins/good/up', 'x'));
  await vi.waitFor(() => expect(peer.of('puback')).toHaveLength(1));
  peer.socket.destroy();
}

test('two hundred strangers who announce 256 MB each are cut off before they are kept', async () => {
  // CONNECT with the largest remaining length there is [MQTT-2.2.3], then as much as the socket takes.
  const header = Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]);
  const load = Buffer.alloc(64 * 1024);
  const peers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => town.openPeer(`127.0.0.${(i % 10) + 1}`)),
  );
  for (const { socket } of peers) {
    socket.write(header);
    socket.write(load);
  }
  // Every one of them ends at its header: what was buffered is at most what the kernel had read.
  await vi.waitFor(() => expect(peers.every((peer) => peer.closed)).toBe(true), 10_000);
  const metrics = await town.broker.registry.metrics();
  expect(metrics).toContain('tunna_broker_refused_total{reason="too-large"} 200');
  await neighbourIsServed();
});

test('many silent sockets keep nobody out, and end', async () => {
  const peers = await Promise.all(Array.from({ length: 200 }, () => town.openPeer('127.0.0.2')));
  await neighbourIsServed();
  for (const peer of peers) peer.socket.destroy();
});

describe('an odd', () => {
  const odd = [
    ...['__proto__', 'constructor', 'prototype', '../x', '..', '/', 'toString', 'hasOwnProperty'],
    ...['a\u202eb', 'é', '🗑', ' ', '%00', `x'; drop table audit; --`, 'x'.repeat(64)],
  ];

  test.each(odd)('client id (%j) does no harm', async (clientId) => {
    const peer = await town.openPeer();
    peer.sendConnect('dev-1', await town.add('dev-1'), { clientId });
    await vi.waitFor(() => expect(peer.closed || peer.of('connack').length === 1).toBe(true));
    await neighbourIsServed();
  });

  test.each(odd)('user name (%j) does no harm', async (username) => {
    const peer = await town.openPeer();
    peer.sendConnect(username, 'x');
    await vi.waitFor(() => expect(peer.closed).toBe(true));
    await neighbourIsServed();
  });

  test('topic of 300 levels does no harm', async () => {
    const peer = await town.connectPeer('dev-1', await town.add('dev-1'));
    peer.send(publishPacket(`bins${'/a'.repeat(300)}`, 'x'));
    await vi.waitFor(() => expect(peer.closed).toBe(true));
    await neighbourIsServed();
  });
});
