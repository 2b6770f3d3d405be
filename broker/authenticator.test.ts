import mqttPacket from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { revokePrincipal, rotateToken, createToken, savePrincipal } from '../store/principals.ts';
import { TestTown, closeOf, connectPacket, publishPacket } from './testing/test-town.ts';

let town: TestTown;

beforeEach(async () => {
  town = await TestTown.open();
});

afterEach(async () => {
  await town[Symbol.asyncDispose]();
});

/** CONNACK code of a CONNECT; `closed` when there is none. */
async function connectRaw(
  ...args: Parameters<Awaited<ReturnType<TestTown['openPeer']>>['sendConnect']>
): Promise<number | string | undefined> {
  const peer = await town.openPeer();
  peer.sendConnect(...args);
  await vi.waitFor(() => expect(peer.closed || peer.of('connack').length > 0).toBe(true));
  return peer.of('connack')[0]?.returnCode ?? 'closed';
}

/** The same for a CONNECT that mqtt-packet would not write. */
async function connectWithoutIdOrCleanSession(
  username: string,
  password: string,
): Promise<number | undefined> {
  const peer = await town.openPeer();
  const bytes = mqttPacket.generate(connectPacket(username, password, { clientId: '' }));
  // Connect flags: behind two bytes of fixed header, the name with its length, and the level.
  bytes[9] = (bytes[9] ?? 0) & ~2;
  peer.socket.write(bytes);
  await vi.waitFor(() => expect(peer.closed).toBe(true));
  return peer.of('connack')[0]?.returnCode;
}

/** Whether a message is acknowledged rather than its connection closed. */
async function isTaken(username: string, password: string, topic: string): Promise<boolean> {
  const peer = await town.openPeer();
  peer.sendConnect(username, password, { clientId: 'probe' });
  await vi.waitFor(() => expect(peer.of('connack')).toHaveLength(1));
  peer.send(publishPacket(topic, 'probe'));
  await vi.waitFor(() => expect(peer.closed || peer.of('puback').length > 0).toBe(true));
  return !peer.closed;
}

test('every kind of principal that has business here connects with its token', async () => {
  for (const kind of ['device', 'gateway', 'reader'] as const) {
    const token = await town.add(`a-${kind}`, kind);
    expect(await connectRaw(`a-${kind}`, token)).toBe(0);
  }
});

test('an operator is refused with its own token, like somebody with a wrong one', async () => {
  const token = await town.add('office', 'operator');
  expect(await connectRaw('office', token)).toBe(4);
  expect(await connectRaw('office', 'wrong')).toBe(4);
});

test('an EUI connects in either case', async () => {
  const token = await town.add('a81758fffe05abcd');
  expect(await connectRaw('A81758FFFE05ABCD', token)).toBe(0);
  expect(await connectRaw('a81758fffe05abcd', token)).toBe(0);
});

test('unknown, wrong, borrowed, empty, revoked and missing all get the same answer', async () => {
  const token = await town.add('dev-1');
  const other = await town.add('dev-2');
  await revokePrincipal(town.store, 'dev-2', Date.now());
  expect(await connectRaw('dev-9', token)).toBe(4);
  expect(await connectRaw('dev-1', 'wrong')).toBe(4);
  expect(await connectRaw('dev-1', other)).toBe(4);
  expect(await connectRaw('dev-1', '')).toBe(4);
  expect(await connectRaw('dev-2', other)).toBe(4);
  expect(await connectRaw('../dev-1', token)).toBe(4);
  expect(await connectRaw('__proto__', token)).toBe(4);
  await expect(town.connect(undefined, undefined)).rejects.toMatchObject({ code: 4 });
  await expect(town.connect('dev-1', undefined)).rejects.toMatchObject({ code: 4 });
  expect(town.countJournal()).toBe(0);
});

test('while the database is away, whoever is known is let in and strangers are asked to come back', async () => {
  const token = await town.add('known');
  expect(await connectRaw('known', token)).toBe(0);
  const { schema } = town.store.db;
  await schema.alterTable('principals').renameTo('principals_away').execute();
  expect(await connectRaw('known', token)).toBe(0);
  expect(await isTaken('known', token, 'bins/known/up')).toBe(true);
  expect(await connectRaw('stranger', token)).toBe(3);
  expect(await connectRaw('known', 'wrong')).toBe(3);
  await schema.alterTable('principals_away').renameTo('principals').execute();
  expect(await connectRaw('stranger', token)).toBe(4);
});

describe('a client id', () => {
  test('is refused when too long, reserved, or empty with a session to keep', async () => {
    const token = await town.add('dev-1');
    expect(await connectRaw('dev-1', token, { clientId: 'x'.repeat(65) })).toBe(2);
    expect(await connectRaw('dev-1', token, { clientId: '__proto__' })).toBe(2);
    expect(await connectWithoutIdOrCleanSession('dev-1', token)).toBe(2);
    expect(await connectRaw('dev-1', token, { clientId: 'a\u0001b' })).toBe('closed');
    expect(await connectRaw('dev-1', token, { clientId: '' })).toBe(0);
    expect(await connectRaw('dev-1', token, { clientId: 'å'.repeat(64) })).toBe(0);
  });

  test('takes over a connection of the same principal only', async () => {
    const one = await town.add('dev-1');
    const two = await town.add('dev-2');
    const victim = await town.openPeer();
    victim.sendConnect('dev-1', one, { clientId: 'same' });
    await vi.waitFor(() => expect(victim.of('connack')).toHaveLength(1));

    expect(await connectRaw('dev-2', two, { clientId: 'same' })).toBe(0);
    expect(await connectRaw('dev-1', 'wrong', { clientId: 'same' })).toBe(4);
    expect(await connectRaw('dev-1', two, { clientId: 'same', clean: false })).toBe(4);
    victim.send(publishPacket('bins/dev-1/up', 'still here'));
    await vi.waitFor(() => expect(victim.of('puback')).toHaveLength(1));

    expect(await connectRaw('dev-1', one, { clientId: 'same' })).toBe(0);
    await vi.waitFor(() => expect(victim.closed).toBe(true));
  });
});

test('a device has five connections and no sixth, but may take one over', async () => {
  const token = await town.add('dev-1');
  for (const clientId of ['1', '2', '3', '4', '5']) {
    expect(await connectRaw('dev-1', token, { clientId })).toBe(0);
  }
  expect(await connectRaw('dev-1', token, { clientId: '6' })).toBe(3);
  expect(await connectRaw('dev-1', token, { clientId: '5' })).toBe(0);
});

describe('a will', () => {
  const will = (topic: string) =>
    ({ topic, payload: Buffer.from('gone'), qos: 1, retain: true }) as const;

  test('on a topic that is not the sender’s is refused', async () => {
    const token = await town.add('dev-1');
    for (const topic of ['bins/dev-2/up', 'state/bin-1', '$SYS/x']) {
      expect(await connectRaw('dev-1', token, { will: will(topic) })).toBe(5);
    }
  });

  test('on the sender’s own topic reaches the journal when the connection breaks', async () => {
    const token = await town.add('dev-1');
    const peer = await town.openPeer();
    peer.sendConnect('dev-1', token, { will: will('bins/dev-1/up') });
    await vi.waitFor(() => expect(peer.of('connack')[0]?.returnCode).toBe(0));
    peer.socket.destroy();
    await vi.waitFor(() => expect(town.countJournal()).toBe(1));
    expect(town.readJournal()[0]).toMatchObject({ principal: 'dev-1', topic: 'bins/dev-1/up' });
  });
});

describe('a change of the principal', () => {
  test('revoking closes its connections within a second, and its will is not kept', async () => {
    const token = await town.add('dev-1');
    const bystander = await town.connect('dev-2', await town.add('dev-2'));
    const client = await town.connect('dev-1', token, {
      will: { topic: 'bins/dev-1/up', payload: Buffer.from('gone'), qos: 1, retain: false },
    });
    const closed = closeOf(client);
    const revokedAtMs = performance.now();
    await revokePrincipal(town.store, 'dev-1', Date.now());
    await closed;
    expect(performance.now() - revokedAtMs).toBeLessThan(1_000);
    await expect(town.connect('dev-1', token)).rejects.toMatchObject({ code: 4 });
    await bystander.publishAsync('bins/dev-2/up', 'x', { qos: 1 });
    expect(town.readJournal().map(({ principal }) => principal)).toEqual(['dev-2']);
  });

  test('rotating keeps the old token’s connections until its time is over', async () => {
    const oldToken = await town.add('dev-1');
    const newToken = createToken();
    const client = await town.connect('dev-1', oldToken);
    const closed = closeOf(client);
    await rotateToken(town.store, 'dev-1', newToken, Date.now() + 1_500);
    const late = await town.connect('dev-1', newToken, { clientId: 'late' });
    await client.publishAsync('bins/dev-1/up', 'with the old token', { qos: 1 });
    await closed;
    await expect(town.connect('dev-1', oldToken)).rejects.toMatchObject({ code: 4 });
    await late.publishAsync('bins/dev-1/up', 'with the new token', { qos: 1 });
  });

  test('rotating without overlap closes at once', async () => {
    const client = await town.connect('dev-1', await town.add('dev-1'));
    const closed = closeOf(client);
    await rotateToken(town.store, 'dev-1', createToken(), 0);
    await closed;
  });

  test('prefixes given later hold for the open connection', async () => {
    const token = await town.add('ttn', 'gateway', { prefixes: ['v3/#'] });
    const client = await town.connect('ttn', token);
    const more = {
      id: 'ttn',
      kind: 'gateway',
      prefixes: ['v3/#', 'v4/#'],
      backfill: true,
    } as const;
    await savePrincipal(town.store, more, token);
    await vi.waitFor(async () => expect(await isTaken('ttn', token, 'v4/x')).toBe(true));
    await client.publishAsync('v4/x', 'first', { qos: 1 });
    expect(town.readJournal().at(-1)).toMatchObject({ principal: 'ttn', backfill: true });
  });
});
