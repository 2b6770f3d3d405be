import { afterEach, expect, test, vi } from 'vitest';
import { TestTown, publishPacket } from '../../broker/testing/test-town.ts';
import type { RawPeer } from '../../broker/testing/test-town.ts';

const BURST = 100;
const FLOOD = 500;
const NEIGHBOURS = 8;
const WAIT = { timeout: 20_000 };

let town: TestTown;
afterEach(() => town[Symbol.asyncDispose]());

async function connect(id: string): Promise<RawPeer> {
  return town.connectPeer(id, await town.add(id), { clientId: id });
}

/** Messages with the identifiers from 1. */
function send(peer: RawPeer, id: string, count: number): void {
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  peer.send(
    ...ids.map((messageId) => publishPacket(`bins/${id}/up`, `${messageId}`, { messageId })),
  );
}

test('while one device floods the broker and is held, its neighbours are acknowledged and kept in full', async () => {
  // The next of the flood would be let through after a quarter of an hour.
  town = await TestTown.open({ limits: { deviceBurst: BURST, deviceMessagesPerSecond: 0.001 } });
  const flooder = await connect('flooder');
  const names = Array.from({ length: NEIGHBOURS }, (_, index) => `neighbour-${index}`);
  const neighbours = await Promise.all(names.map(connect));
  send(flooder, 'flooder', FLOOD);
  for (const [index, peer] of neighbours.entries()) send(peer, `neighbour-${index}`, BURST);
  for (const peer of neighbours) {
    await vi.waitFor(() => expect(peer.of('puback')).toHaveLength(BURST), WAIT);
  }
  await vi.waitFor(() => expect(flooder.of('puback').length).toBeGreaterThanOrEqual(BURST), WAIT);
  expect(flooder.of('puback')).toHaveLength(BURST);
  const kept = Map.groupBy(town.readJournal(), ({ principal }) => principal);
  const counts = [...names, 'flooder'].map((name) => kept.get(name)?.length);
  expect(counts).toEqual(Array.from({ length: NEIGHBOURS + 1 }, () => BURST));
  expect(flooder.closed).toBe(false);
});
