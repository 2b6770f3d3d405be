import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LoadOptions, createLoad, loadPrincipals } from './load.ts';
import { RecordingBroker } from './testing/recording-broker.ts';

let broker: RecordingBroker;

beforeEach(async () => {
  broker = await RecordingBroker.start();
});

afterEach(async () => {
  await broker.stop();
});

function options(changes: Partial<LoadOptions> = {}): LoadOptions {
  return {
    broker: broker.address,
    bins: 100,
    rate: 200,
    connections: 3,
    durationSeconds: 1,
    credentials: new Map(loadPrincipals(3).map(({ id }) => [id, `token of ${id}`])),
    seed: 1,
    now: Date.now,
    log: pino({ level: 'silent' }),
    ...changes,
  };
}

test('a run counts what it published, and every message arrives once', async () => {
  const report = await createLoad(options()).run();
  expect(report.published).toBeGreaterThan(0);
  expect(report.published).toBeLessThanOrEqual(200);
  expect(report.acknowledged).toBe(report.published);
  expect(report.failed).toBe(0);
  expect(report.heldBack).toBe(0);
  expect(report.ackP50Ms).toBeGreaterThan(0);
  expect(report.ackP99Ms ?? 0).toBeGreaterThanOrEqual(report.ackP50Ms ?? Number.MAX_VALUE);
  expect(broker.messages).toHaveLength(report.published);
  expect(new Set(broker.messages.map(({ payload }) => payload)).size).toBe(report.published);
  expect(new Set(broker.logins.keys())).toEqual(new Set(['load-1', 'load-2', 'load-3']));
  const kinds = new Set(broker.messages.map(({ topic }) => topic.split('/')[0]));
  expect(kinds).toEqual(new Set(['application', 'bins', 'v3']));
});

test('a run that is stopped ends early with its report', async () => {
  const load = createLoad(options({ durationSeconds: 3600 }));
  const run = load.run();
  setTimeout(() => load.stop(), 300);
  const report = await run;
  expect(report.seconds).toBeLessThan(60);
  expect(report.acknowledged).toBe(report.published);
});

test('a principal without a token is named', async () => {
  const load = createLoad(options({ credentials: new Map() }));
  await expect(load.run()).rejects.toThrow('no token for the principal load-1');
});
