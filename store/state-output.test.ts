import { expect, test } from 'vitest';
import { StateOutput } from './state-output.ts';
import { openTestStore } from './testing/open-test-store.ts';
import { saveLevels } from './testing/save-level.ts';

const BINS = Array.from({ length: 1_200 }, (_, index) => `bin-${1_000 + index}`);

test('a level that changes while all are published goes out before their end, and never before an older one', async () => {
  await using opened = await openTestStore();
  const { store } = opened;
  await saveLevels(store, BINS, 10);
  const told: [topic: string, fillPercent: number][] = [];
  const output: StateOutput = new StateOutput({
    store,
    inFlight: 50,
    onError: (error) => expect.unreachable(String(error)),
    publish: async (topic, payload) => {
      told.push([topic, Number(JSON.parse(payload).fillPercent)]);
      if (told.length !== 1) return;
      await saveLevels(store, ['bin-1003', 'bin-2199'], 20);
      output.noteChanges(['bin-1003', 'bin-2199'].map((id) => ({ seq: 0, kind: 'bin', id })));
    },
  });
  await output.start();
  await output.stop();
  expect(told.findIndex(([, fillPercent]) => fillPercent === 20)).toBe(500);
  const of = (bin: string) => told.filter(([topic]) => topic === `state/${bin}`);
  expect(of('bin-1003').map(([, fillPercent]) => fillPercent)).toEqual([10, 20]);
  expect(of('bin-2199').map(([, fillPercent]) => fillPercent)).toEqual([20, 20]);
  expect(new Set(told.map(([topic]) => topic)).size).toBe(BINS.length);
});
