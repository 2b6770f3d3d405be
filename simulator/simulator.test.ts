import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sensorPrincipal } from './register.ts';
import { type Simulator, type SimulatorOptions, createSimulator } from './simulator.ts';
import { readState } from './state-file.ts';
import { RecordingBroker } from './testing/recording-broker.ts';
import { createTown } from './town.ts';

const town = createTown({ seed: 1, binCount: 12 });
const credentials = new Map(
  town.bins.map(({ sensor }) => [sensorPrincipal(sensor).id, `secret of ${sensor.deviceId}`]),
);
const HISTORY = {
  days: 2,
  stepSeconds: 7200,
  backfillPrincipal: { id: 'simulator-history', token: 'past' },
};

let folder: string;
let broker: RecordingBroker;
let running: Simulator[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunna-simulator-'));
  broker = await RecordingBroker.start();
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((simulator) => simulator.stop()));
  await broker.stop();
  await rm(folder, { recursive: true });
});

function build(changes: Partial<SimulatorOptions> = {}): Simulator {
  const simulator = createSimulator({
    broker: broker.address,
    town,
    credentials,
    timeLapse: 3600,
    now: Date.now,
    log: pino({ level: 'silent' }),
    history: { days: 0 },
    stateFile: join(folder, 'simulator.json'),
    ...changes,
  });
  running.push(simulator);
  return simulator;
}

async function untilReporting(simulator: Simulator): Promise<void> {
  await vi.waitFor(() => expect(simulator.status().reporting).toBe(12), { timeout: 10_000 });
}

function liveMessages(): readonly RecordingBroker['messages'][number][] {
  return broker.messages.filter(({ clientId }) => clientId !== 'simulator-history');
}

describe('a live town', () => {
  test('every sensor connects as itself with its own token and reports on its own topic', async () => {
    const simulator = build();
    await simulator.start();
    await untilReporting(simulator);
    await vi.waitFor(() => expect(new Set(liveMessages().map((m) => m.topic)).size).toBe(12));
    expect(broker.connections).toBe(12);
    for (const { sensor } of town.bins) {
      const { id } = sensorPrincipal(sensor);
      expect(broker.logins.get(id)).toBe(`${id}:secret of ${sensor.deviceId}`);
      const own = broker.messages.filter(({ clientId }) => clientId === id);
      expect(own.length).toBeGreaterThan(0);
      expect(own.every(({ topic, qos }) => topic.includes(sensor.deviceId) && qos === 1)).toBe(
        true,
      );
    }
  });

  test('messages carry the wall clock, and keep coming', async () => {
    const startedMs = Date.now();
    const simulator = build();
    await simulator.start();
    await vi.waitFor(() => expect(broker.messages.length).toBeGreaterThan(30), { timeout: 10_000 });
    for (const { payload } of broker.messages) {
      const text = /"(?:observedAt|time)":"([^"]+)"/.exec(payload)?.[1];
      const atMs = Date.parse(text ?? '');
      expect(atMs).toBeGreaterThanOrEqual(startedMs);
      expect(atMs).toBeLessThanOrEqual(Date.now());
    }
  });

  test('after the broker was away, the sensors come back by themselves', async () => {
    const simulator = build();
    await simulator.start();
    await untilReporting(simulator);
    const { port } = broker.address;
    await broker.stop();
    await vi.waitFor(() => expect(simulator.status().connected).toBe(0), { timeout: 5000 });
    broker = await RecordingBroker.start(port);
    await vi.waitFor(() => expect(simulator.status().connected).toBe(12), { timeout: 15_000 });
    await vi.waitFor(() => expect(broker.messages.length).toBeGreaterThan(3), { timeout: 10_000 });
  });

  test('without a broker it starts and stops all the same', async () => {
    const simulator = build({ broker: { host: '127.0.0.1', port: 1 } });
    await simulator.start();
    await simulator.stop();
    expect(simulator.status().connected).toBe(0);
  });

  test('a missing token is named before anything happens', async () => {
    const simulator = build({ credentials: new Map() });
    await expect(simulator.start()).rejects.toThrow('no token for the principal tunna-0001');
    expect(await readState(join(folder, 'simulator.json'))).toBeUndefined();
  });
});

describe('the history', () => {
  test('is written after the first reading of every bin, newest first, and only once', async () => {
    const first = build({ history: HISTORY });
    await first.start();
    await vi.waitFor(() => expect(first.status().history.done).toBe(true), { timeout: 15_000 });
    const past = broker.messages.filter(({ clientId }) => clientId === 'simulator-history');
    expect(past).toHaveLength(first.status().history.sent);
    expect(past.length).toBeGreaterThan(12 * 24 * 0.7);
    const begin = broker.messages.findIndex(({ clientId }) => clientId === 'simulator-history');
    const before = new Set(broker.messages.slice(0, begin).map(({ topic }) => topic));
    expect(before.size).toBe(12);
    await first.stop();

    const second = build({ history: HISTORY });
    await second.start();
    await untilReporting(second);
    expect(second.status().history).toEqual({ sent: 0, stepsLeft: 0, done: true });
  });

  test('that was interrupted is taken up where it was not yet acknowledged', async () => {
    const history = { ...HISTORY, days: 30, stepSeconds: 600 };
    const first = build({ history });
    await first.start();
    await vi.waitFor(() => expect(first.status().history.sent).toBeGreaterThan(1000), {
      timeout: 15_000,
      interval: 5,
    });
    await first.stop();
    const left = first.status().history.stepsLeft;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(30 * 144);
    const state = await readState(join(folder, 'simulator.json'));
    expect(state?.history.nextStep).toBe(left - 1);

    const received = new Set(
      broker.messages
        .filter(({ clientId }) => clientId === 'simulator-history')
        .map((m) => m.payload),
    );
    broker.messages.length = 0;
    const second = build({ history: { ...history, days: 1 } });
    await second.start();
    await vi.waitFor(() => expect(second.status().history.sent).toBeGreaterThan(700), {
      timeout: 15_000,
      interval: 5,
    });
    const again = broker.messages
      .filter(({ clientId }) => clientId === 'simulator-history')
      .filter(({ payload }) => received.has(payload));
    // At most what was under way at the stop comes twice, byte for byte.
    expect(again.length).toBeLessThan(560);
  });
});

describe('a second start', () => {
  test('goes on with the clock of the town, and in a session never used before', async () => {
    const first = build();
    await first.start();
    await untilReporting(first);
    await first.stop();
    const saved = await readState(join(folder, 'simulator.json'));
    expect.assert(saved !== undefined);
    expect(saved.townMs).toBeGreaterThan(Date.now() + 60_000);
    const sessions = sessionsOf(broker.messages);

    broker.messages.length = 0;
    const second = build({ timeLapse: 1 });
    await second.start();
    expect(second.status().townMs).toBeGreaterThanOrEqual(saved.townMs);
    expect(second.status().townMs).toBeLessThan(saved.townMs + 60_000);
    await untilReporting(second);
    await vi.waitFor(() => expect(sessionsOf(broker.messages).size).toBe(12));
    expect([...sessionsOf(broker.messages)].filter((session) => sessions.has(session))).toEqual([]);
  });

  test('of another town on the same state is refused', async () => {
    const first = build();
    await first.start();
    await first.stop();
    const other = createTown({ seed: 2, binCount: 12 });
    await expect(build({ town: other }).start()).rejects.toThrow(/not of 12 bins with seed 2/);
  });
});

/** Device and session of every message, in whatever envelope. */
function sessionsOf(messages: RecordingBroker['messages']): Set<string> {
  return new Set(
    messages.map(({ clientId, payload }) => {
      const session = /"(?:boot|session_key_id|devAddr)":"?([^",]+)/.exec(payload)?.[1];
      return `${clientId} ${session}`;
    }),
  );
}
