import { expect, test } from 'vitest';
import { COMMAND_ID, commandStateOf } from './command.ts';

const NOTHING = { sentAtMs: null, acknowledgedAtMs: null, failedAtMs: null, expiredAtMs: null };

test('a command of which nothing is known waits', () => {
  expect(commandStateOf(NOTHING)).toBe('queued');
});

test('the word of the device goes before a failure, that before the clock, and that before having been sent', () => {
  const all = { sentAtMs: 4, expiredAtMs: 3, failedAtMs: 2, acknowledgedAtMs: 1 };
  expect(commandStateOf(all)).toBe('acknowledged');
  expect(commandStateOf({ ...all, acknowledgedAtMs: null })).toBe('failed');
  expect(commandStateOf({ ...NOTHING, sentAtMs: 4, expiredAtMs: 3 })).toBe('expired');
  expect(commandStateOf({ ...NOTHING, sentAtMs: 4 })).toBe('sent');
});

test('ids are UUIDs in lower case', () => {
  expect(COMMAND_ID.test('6f1c1b8e-2c4f-4a53-9b0e-0d3f8c2a7e11')).toBe(true);
  for (const text of ['6F1C1B8E-2C4F-4A53-9B0E-0D3F8C2A7E11', '6f1c1b8e', '', 'x'.repeat(36)]) {
    expect(COMMAND_ID.test(text), text).toBe(false);
  }
});
