import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type HistoryOptions, historySteps, historyUplinks } from './history.ts';
import { DAY_MS } from './rhythm.ts';
import { createTown } from './town.ts';

const END_MS = Date.UTC(2026, 10, 24, 12);

function options(seed: number): HistoryOptions {
  return {
    town: createTown({ seed, binCount: 40 }),
    endMs: END_MS,
    days: 30,
    stepSeconds: 7200,
  };
}

function digest(seed: number): string {
  const hash = createHash('sha256');
  for (const { topic, payload } of historyUplinks(options(seed)))
    hash.update(topic).update(payload);
  return hash.digest('hex');
}

function ownTimeMs(payload: Buffer): number | undefined {
  const document: unknown = JSON.parse(payload.toString());
  const text = /"observedAt":"([^"]+)"/.exec(JSON.stringify(document))?.[1];
  return text === undefined ? undefined : Date.parse(text);
}

test('the same seed writes the same bytes, another seed others', () => {
  expect(digest(1)).toBe(digest(1));
  expect(digest(2)).not.toBe(digest(1));
});

test('a month has about one message per bin and step, less what is lost', () => {
  const messages = [...historyUplinks(options(1))].length;
  const expected = 40 * historySteps(options(1));
  expect(historySteps(options(1))).toBe(360);
  expect(messages / expected).toBeGreaterThan(0.8);
  expect(messages / expected).toBeLessThan(0.95);
});

test('the newest step comes first, and all lie within the month', () => {
  const times: number[] = [];
  let step = Number.POSITIVE_INFINITY;
  for (const uplink of historyUplinks(options(1))) {
    expect(uplink.step).toBeLessThanOrEqual(step);
    step = uplink.step;
    const atMs = ownTimeMs(uplink.payload);
    if (atMs !== undefined) times.push(atMs);
  }
  expect(step).toBe(0);
  expect(Math.max(...times)).toBeLessThan(END_MS);
  expect(Math.max(...times)).toBeGreaterThan(END_MS - 2 * 7_200_000);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(END_MS - 30 * DAY_MS);
});

test('a history that is taken up again goes on with the same messages', () => {
  const whole = [...historyUplinks(options(1))].filter(({ step }) => step <= 100);
  expect([...historyUplinks(options(1), 100)]).toEqual(whole);
});
