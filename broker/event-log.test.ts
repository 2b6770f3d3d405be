import { expect, test } from 'vitest';
import { EventLog } from './event-log.ts';

function openLog() {
  const lines: unknown[] = [];
  const note = (fields: unknown, message?: unknown): void => void lines.push([message, fields]);
  const clock = { nowMs: 0 };
  const log = { debug: note, info: note, warn: note, error: note };
  return { lines, clock, events: new EventLog(log, () => clock.nowMs) };
}

test('the first of an event is told at once, and those that follow by number and reason', () => {
  const { lines, clock, events } = openLog();
  events.warn('refused', { reason: 'topic', address: 'a' });
  for (const reason of ['topic', 'topic', 'will']) events.warn('refused', { reason });
  events.flush();
  expect(lines).toEqual([['refused', { reason: 'topic', address: 'a' }]]);
  clock.nowMs = 10_000;
  events.flush();
  expect(lines.slice(1)).toEqual([['refused', { suppressed: { topic: 2, will: 1 } }]]);
  events.flush();
  expect(lines).toHaveLength(2);
});

test('events are quiet each for itself, and speak again after a while', () => {
  const { lines, clock, events } = openLog();
  events.warn('refused', { reason: 'topic' });
  events.warn('ended', { reason: 'reset' });
  clock.nowMs = 10_000;
  events.warn('refused', { reason: 'topic' });
  expect(lines).toHaveLength(3);
});

test('nothing goes untold at the end', () => {
  const { lines, events } = openLog();
  events.warn('refused', { reason: 'topic' });
  events.warn('refused', { reason: 'topic' });
  events.close();
  expect(lines.slice(1)).toEqual([['refused', { suppressed: { topic: 1 } }]]);
});

test('reasons without number take no more than a little memory', () => {
  const { lines, events } = openLog();
  for (let index = 0; index <= 1_000; index += 1) events.warn('odd', { reason: `reason ${index}` });
  events.close();
  expect(lines[1]).toMatchObject(['odd', { suppressed: { 'reason 1': 1, other: 970 } }]);
});
