import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MqttClient } from 'mqtt';
import { claimCommand } from '../store/command-sending.ts';
import { CLAIM_MS, addCommand, findCommand } from '../store/commands.ts';
import type { CommandDraft } from '../store/commands.ts';
import { revokePrincipal } from '../store/principals.ts';
import { commandDraft, commandId } from '../store/testing/command-draft.ts';
import { createBroker } from './broker.ts';
import { TestTown } from './testing/test-town.ts';
import type { RawPeer } from './testing/test-town.ts';

let town: TestTown;
let nowMs = Date.now();

beforeEach(async () => {
  nowMs = Date.now();
  town = await TestTown.open({ now: () => nowMs });
});

afterEach(() => town[Symbol.asyncDispose]());

const waitLong = { timeout: 10_000 };

function give(number: number, more: Partial<CommandDraft> = {}): Promise<void> {
  const times = { requested_at: nowMs + number, expires_at: nowMs + 3_600_000 };
  return addCommand(
    town.store,
    commandDraft(commandId(number), { kind: 'raw', ...times, ...more }),
  );
}

async function stateOf(number: number) {
  const row = await findCommand(town.store, commandId(number));
  return row && { state: row.state, attempts: row.attempts };
}

function expectState(number: number, expected: object): Promise<void> {
  return vi.waitFor(async () => expect(await stateOf(number)).toMatchObject(expected), waitLong);
}

function collect(client: MqttClient): { readonly topic: string; readonly text: string }[] {
  const received: { topic: string; text: string }[] = [];
  client.on('message', (topic, payload) => received.push({ topic, text: String(payload) }));
  return received;
}

/** A device that answers only when it is told to. */
async function openSilent(token: string, clean = true, qos: 0 | 1 = 1): Promise<RawPeer> {
  const peer = await town.connectPeer('dev-1', token, { clean });
  const subscriptions = [{ topic: 'bins/dev-1/down', qos }];
  peer.send({ cmd: 'subscribe', messageId: 1, subscriptions });
  await vi.waitFor(() => expect(peer.of('suback')).toHaveLength(1));
  return peer;
}

function acknowledge(peer: RawPeer): void {
  const messageId = peer.of('publish').at(-1)?.messageId ?? 0;
  peer.send({ cmd: 'puback', messageId });
}

describe('a command', () => {
  test('waits for its device, and is sent once it has acknowledged', async () => {
    const token = await town.add('dev-1');
    await give(1);
    const client = await town.connect('dev-1', token);
    const received = collect(client);
    await client.subscribeAsync('bins/dev-1/down', { qos: 1 });
    await expectState(1, { state: 'sent', attempts: 1 });
    expect(received).toEqual([
      { topic: 'bins/dev-1/down', text: JSON.stringify({ commandId: commandId(1) }) },
    ]);
  });

  test('reaches a device that listens already, each after the one before', async () => {
    const peer = await openSilent(await town.add('dev-1'));
    for (const number of [1, 2, 3]) await give(number);
    for (const number of [1, 2, 3]) {
      await vi.waitFor(() => expect(peer.of('publish')).toHaveLength(number), waitLong);
      expect(String(peer.of('publish').at(-1)?.payload)).toContain(commandId(number));
      expect(await stateOf(number)).toEqual({ state: 'queued', attempts: 1 });
      acknowledge(peer);
      await expectState(number, { state: 'sent' });
    }
  });

  test.each([
    ['a session that ends with its connection', true],
    ['a session that lasts', false],
  ])(
    'that was not acknowledged comes again with the next connection, once: %s',
    async (_, clean) => {
      const token = await town.add('dev-1');
      await give(1);
      const first = await openSilent(token, clean);
      await vi.waitFor(() => expect(first.of('publish')).toHaveLength(1), waitLong);
      first.socket.destroy();
      await vi.waitFor(async () => {
        const row = await findCommand(town.store, commandId(1));
        expect(row?.claimed_by).toBeNull();
      }, waitLong);
      const second = await openSilent(token, clean);
      await vi.waitFor(() => expect(second.of('publish')).toHaveLength(1), waitLong);
      acknowledge(second);
      await expectState(1, { state: 'sent', attempts: 2 });
      // The next one comes next: nothing of the first connection was kept for a second delivery.
      await give(2);
      await vi.waitFor(() => expect(second.of('publish')).toHaveLength(2), waitLong);
      expect(String(second.of('publish')[1]?.payload)).toContain(commandId(2));
      acknowledge(second);
      await expectState(2, { state: 'sent', attempts: 1 });
    },
  );

  test('is sent to a session that lasts without a new subscription', async () => {
    const token = await town.add('dev-1');
    const first = await openSilent(token, false);
    first.socket.destroy();
    await give(1);
    const second = await town.connectPeer('dev-1', token, { clean: false });
    await vi.waitFor(() => expect(second.of('publish')).toHaveLength(1), waitLong);
    acknowledge(second);
    await expectState(1, { state: 'sent', attempts: 1 });
  });

  test('counts as sent when it is written to a device that subscribed without acknowledgements', async () => {
    const peer = await openSilent(await town.add('dev-1'), true, 0);
    await give(1);
    await expectState(1, { state: 'sent' });
    expect(peer.of('publish')).toMatchObject([{ qos: 0 }]);
  });

  test('goes through the gateway that speaks for its device, and through no other', async () => {
    const prefixes = ['v3/#'];
    const topic = 'v3/town@ttn/devices/bin-7/down/push';
    const own = await town.connect('tts', await town.add('tts', 'gateway', { prefixes }));
    const other = await town.connect('other', await town.add('other', 'gateway', { prefixes }));
    const received = { own: collect(own), other: collect(other) };
    for (const client of [own, other])
      await client.subscribeAsync(topic.replace('bin-7', '+'), { qos: 1 });
    await give(1, { device_id: 'bin-7', principal: 'tts', topic });
    await expectState(1, { state: 'sent', attempts: 1 });
    expect(received.own.map((message) => message.topic)).toEqual([topic]);
    expect(received.other).toEqual([]);
  });

  test('is not sent beside the topic a connection has subscribed to', async () => {
    const gateway = await town.connect(
      'tts',
      await town.add('tts', 'gateway', { prefixes: ['v3/#'] }),
    );
    const received = collect(gateway);
    await gateway.subscribeAsync('v3/town@ttn/devices/bin-7/down/push', { qos: 1 });
    const of = { device_id: 'bin-8', principal: 'tts' };
    await give(1, { ...of, topic: 'v3/town@ttn/devices/bin-8/down/push' });
    await give(2, { ...of, device_id: 'bin-7', topic: 'v3/town@ttn/devices/bin-7/down/push' });
    await expectState(2, { state: 'sent' });
    expect(received).toHaveLength(1);
    expect(await stateOf(1)).toEqual({ state: 'queued', attempts: 0 });
  });

  test('is found behind many for which nobody listens', async () => {
    const prefixes = ['v3/#'];
    const gateway = await town.connect('tts', await town.add('tts', 'gateway', { prefixes }));
    await gateway.subscribeAsync('v3/town@ttn/devices/bin-7/down/push', { qos: 1 });
    for (let number = 1; number <= 120; number += 1) {
      const topic = `v3/other@ttn/devices/bin-${number}/down/push`;
      await give(number, { device_id: `bin-${number}`, principal: 'tts', topic });
    }
    const topic = 'v3/town@ttn/devices/bin-7/down/push';
    await give(200, { device_id: 'bin-7', principal: 'tts', topic });
    await expectState(200, { state: 'sent', attempts: 1 });
    expect(await stateOf(1)).toEqual({ state: 'queued', attempts: 0 });
  });

  test('does not reach a device that has been shut out, nor one whose time for it is over', async () => {
    const token = await town.add('dev-1');
    const peer = await openSilent(token);
    await revokePrincipal(town.store, 'dev-1', nowMs);
    await vi.waitFor(() => expect(peer.closed).toBe(true), waitLong);
    await give(1);
    await town.add('dev-2');
    const late = { device_id: 'dev-2', principal: 'dev-2', topic: 'bins/dev-2/down' };
    await give(2, { ...late, expires_at: nowMs });
    await give(3, late);
    const client = await town.connect('dev-2', await town.add('dev-2'));
    const received = collect(client);
    await client.subscribeAsync('bins/dev-2/down', { qos: 1 });
    await expectState(3, { state: 'sent' });
    expect(received.map(({ text }) => text)).toEqual([JSON.stringify({ commandId: commandId(3) })]);
    expect(peer.of('publish')).toEqual([]);
    expect(await stateOf(1)).toEqual({ state: 'queued', attempts: 0 });
  });
});

describe('of several brokers on one store', () => {
  test('one sends a command, though both could', async () => {
    const token = await town.add('dev-1');
    const here = await openSilent(token);
    const ports = { ...town.ports };
    const second = createBroker({
      ...{ store: town.store, journalFolder: `${town.folder}/journals`, door: 'second' },
      ...{ host: '127.0.0.1', mqttPort: 0, wsPort: null, open: false, now: () => nowMs },
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    town.ports = await second.start();
    try {
      const there = await openSilent(token);
      for (const number of [1, 2, 3, 4]) await give(number);
      for (let answered = 1; answered <= 4; answered += 1) {
        await vi.waitFor(() => {
          const all = [...here.of('publish'), ...there.of('publish')];
          expect(all.length).toBeGreaterThanOrEqual(answered);
        }, waitLong);
        for (const peer of [here, there]) {
          for (const { messageId = 0 } of peer.of('publish'))
            peer.send({ cmd: 'puback', messageId });
        }
      }
      for (const number of [1, 2, 3, 4]) await expectState(number, { state: 'sent', attempts: 1 });
      const texts = [...here.of('publish'), ...there.of('publish')].map(({ payload }) =>
        String(payload),
      );
      expect(new Set(texts).size).toBe(4);
      expect(texts).toHaveLength(4);
    } finally {
      town.ports = ports;
      await second.stop();
    }
  });

  test('another takes over what one that died had claimed, once the claim has run out', async () => {
    await give(1);
    await claimCommand(town.store, commandId(1), { holder: 'the dead', nowMs });
    const peer = await openSilent(await town.add('dev-1'));
    await give(2, { requested_at: nowMs + 2 });
    await vi.waitFor(() => expect(peer.of('publish')).toHaveLength(1), waitLong);
    expect(String(peer.of('publish')[0]?.payload)).toContain(commandId(2));
    nowMs += CLAIM_MS;
    acknowledge(peer);
    await vi.waitFor(() => expect(peer.of('publish')).toHaveLength(2), waitLong);
    expect(String(peer.of('publish')[1]?.payload)).toContain(commandId(1));
    acknowledge(peer);
    await expectState(1, { state: 'sent', attempts: 2 });
  });

  test('one that stops leaves what it had in flight to the others at once', async () => {
    await give(1);
    const peer = await openSilent(await town.add('dev-1'));
    await vi.waitFor(() => expect(peer.of('publish')).toHaveLength(1), waitLong);
    await town.broker.stop();
    expect(await findCommand(town.store, commandId(1))).toMatchObject({
      state: 'queued',
      claimed_by: null,
    });
  });
});
