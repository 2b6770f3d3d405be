import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MqttClient } from 'mqtt';
import { removeLevel, setLevel } from './testing/test-levels.ts';
import { TestTown } from './testing/test-town.ts';

interface Received {
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
}

let town: TestTown;

beforeEach(async () => {
  town = await TestTown.open();
});

afterEach(async () => {
  await town[Symbol.asyncDispose]();
});

function collect(client: MqttClient): Received[] {
  const received: Received[] = [];
  client.on('message', (topic, payload, { retain }) => {
    received.push({ topic, text: String(payload), retain });
  });
  return received;
}

async function openReader(id = 'crew'): Promise<Received[]> {
  const client = await town.connect(id, await town.add(id, 'reader'));
  const received = collect(client);
  await client.subscribeAsync('state/#', { qos: 1 });
  return received;
}

const waitLong = { timeout: 5_000 };

test('a reader hears of a level with its time, quality, reasons and device', async () => {
  const received = await openReader();
  await setLevel(town.store, 'bin-1', 61.5);
  await vi.waitFor(() => expect(received).toHaveLength(1), waitLong);
  expect(received[0]).toMatchObject({ topic: 'state/bin-1', retain: false });
  expect(JSON.parse(received[0]?.text ?? '')).toEqual({
    binId: 'bin-1',
    fillPercent: 61.5,
    observedAt: '2026-05-01T10:00:00.000Z',
    quality: 'accepted',
    reasons: ['tilted'],
    deviceId: 'dev-1',
  });
});

test('whoever subscribes later gets the retained level', async () => {
  const early = await openReader();
  await setLevel(town.store, 'bin-1', 40);
  await vi.waitFor(() => expect(early).toHaveLength(1), waitLong);
  const late = await openReader('late');
  await vi.waitFor(() => expect(late).toHaveLength(1), waitLong);
  expect(late[0]).toMatchObject({ topic: 'state/bin-1', retain: true, text: early[0]?.text });
});

test('levels from before the start are there at once', async () => {
  await town.broker.stop();
  await setLevel(town.store, 'bin-7', 70);
  await town.startBroker();
  const received = await openReader();
  await vi.waitFor(() => expect(received).toHaveLength(1));
  expect(received[0]).toMatchObject({ topic: 'state/bin-7', retain: true });
});

test('a removed bin ends with an empty message and nothing retained', async () => {
  const received = await openReader();
  await setLevel(town.store, 'bin-1', 40);
  await vi.waitFor(() => expect(received).toHaveLength(1), waitLong);
  await removeLevel(town.store, 'bin-1');
  await vi.waitFor(() => expect(received).toHaveLength(2), waitLong);
  expect(received[1]?.text).toBe('');
  await setLevel(town.store, 'bin-2', 1);
  const late = await openReader('late');
  await vi.waitFor(() => expect(late.map(({ topic }) => topic)).toEqual(['state/bin-2']), waitLong);
});

test('many changes of a bin make few messages, the last of which holds', async () => {
  const received = await openReader();
  for (let percent = 1; percent <= 50; percent += 1) await setLevel(town.store, 'bin-1', percent);
  await vi.waitFor(
    () => expect(JSON.parse(received.at(-1)?.text ?? '{}')).toMatchObject({ fillPercent: 50 }),
    waitLong,
  );
  expect(received.length).toBeLessThanOrEqual(3);
});
