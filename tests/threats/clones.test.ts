import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SUSPICIOUS_TAKEOVERS } from '../../broker/clone-watch.ts';
import { TestTown, publishPacket } from '../../broker/testing/test-town.ts';
import type { RawPeer } from '../../broker/testing/test-town.ts';
import { listAudit } from '../../store/audit-log.ts';
import { newestChange, readChanges } from '../../store/changes.ts';
import { clearSuspicion, findPrincipal, rotateToken, createToken } from '../../store/principals.ts';

let town: TestTown;
let token: string;
beforeEach(async () => {
  town = await TestTown.open({ limits: { takeoverDelayMs: 0 } });
  token = await town.add('dev-1');
});
afterEach(() => town[Symbol.asyncDispose]());

async function connect(address: string, clientId = 'sensor'): Promise<RawPeer> {
  const peer = await town.openPeer(address);
  peer.sendConnect('dev-1', token, { clientId });
  await vi.waitFor(() => expect(peer.of('connack')[0]?.returnCode).toBe(0), 10_000);
  return peer;
}

/** Two that take the connection from each other; the first arrival takes it from nobody. */
async function fight(takeovers: number): Promise<RawPeer> {
  let standing = await connect('127.0.0.1');
  for (let i = 0; i < takeovers; i += 1) standing = await connect(`127.0.0.${(i % 2) + 1}`);
  return standing;
}

async function suspicion(): Promise<unknown> {
  return (await findPrincipal(town.store, 'dev-1'))?.suspicion;
}

test('two with one credential that take each other’s place are suspected, told of, and heard', async () => {
  const before = await newestChange(town.store);
  const standing = await fight(SUSPICIOUS_TAKEOVERS);
  await vi.waitFor(async () =>
    expect(await suspicion()).toMatchObject({
      takeoversPerMinute: SUSPICIOUS_TAKEOVERS,
      addresses: expect.arrayContaining(['127.0.0.1', '127.0.0.2']),
    }),
  );
  const rows = await listAudit(town.store, { limit: 9, action: 'clone-suspected' });
  expect(rows).toMatchObject([{ subject: 'dev-1' }]);
  const changes = await readChanges(town.store, before, 9);
  expect(changes.map(({ kind, id }) => [kind, id])).toEqual([
    ['principal', 'dev-1'],
    ['device', 'dev-1'],
  ]);
  expect(await town.broker.registry.metrics()).toMatch(/clones_suspected_total 1\n/);
  // Whichever of them is the honest one: what it measures is not lost.
  standing.send(publishPacket('bins/dev-1/up', 'x'));
  await vi.waitFor(() => expect(standing.of('puback')).toHaveLength(1));
});

test('one takeover less is what a device does that lost its network', async () => {
  await fight(SUSPICIOUS_TAKEOVERS - 1);
  // What is suspected is stored before the next connection is answered at the latest.
  await connect('127.0.0.1', 'another');
  expect(await suspicion()).toBeNull();
});

test('connections of one device under several client ids are no fight', async () => {
  for (let i = 0; i < SUSPICIOUS_TAKEOVERS; i += 1) await connect('127.0.0.1', `sensor-${i}`);
  expect(await suspicion()).toBeNull();
  expect(await town.broker.registry.metrics()).toMatch(/takeovers_total 0\n/);
});

test('a suspicion ends when somebody says so, and with a new token', async () => {
  await fight(SUSPICIOUS_TAKEOVERS);
  await vi.waitFor(async () => expect(await suspicion()).not.toBeNull());
  await clearSuspicion(town.store, 'dev-1');
  expect(await suspicion()).toBeNull();
  await fight(SUSPICIOUS_TAKEOVERS);
  await vi.waitFor(async () => expect(await suspicion()).not.toBeNull());
  await rotateToken(town.store, 'dev-1', createToken(), 0);
  expect(await suspicion()).toBeNull();
});

describe('a client that names another’s client id', () => {
  test.each(['sensor', 'dev-1/sensor', 'dev-1'])('(%s) does not kick it out', async (clientId) => {
    const victim = await connect('127.0.0.1');
    const theirs = await town.add('dev-2');
    const attacker = await town.openPeer('127.0.0.2');
    attacker.sendConnect('dev-2', theirs, { clientId });
    await vi.waitFor(() => expect(attacker.of('connack')[0]?.returnCode).toBe(0));
    victim.send(publishPacket('bins/dev-1/up', 'x'));
    await vi.waitFor(() => expect(victim.of('puback')).toHaveLength(1));
    expect(victim.closed).toBe(false);
    expect(await suspicion()).toBeNull();
  });
});
