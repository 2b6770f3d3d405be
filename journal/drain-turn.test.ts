import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DrainTurn } from './drain-turn.ts';
import { findJournals } from './find-journals.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunna-turn-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('only one at a time has the turn', () => {
  using one = new DrainTurn(join(folder, 'mqtt.sqlite'));
  using other = new DrainTurn(join(folder, 'mqtt.sqlite'));
  {
    using turn = one.take();
    expect(turn).toBeDefined();
    expect(other.take()).toBeUndefined();
  }
  using next = other.take();
  expect(next).toBeDefined();
  expect(one.take()).toBeUndefined();
});

test('each journal has a turn of its own', () => {
  using one = new DrainTurn(join(folder, 'mqtt.sqlite'));
  using other = new DrainTurn(join(folder, 'webhooks.sqlite'));
  using first = one.take();
  using second = other.take();
  expect([first, second]).not.toContain(undefined);
});

test('its file is no journal', () => {
  using turn = new DrainTurn(join(folder, 'mqtt.sqlite'));
  turn.take()?.[Symbol.dispose]();
  expect(findJournals(folder)).toEqual([]);
});
