import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LineWatch } from './line-watch.ts';

/** A watch of a server that answers as the test says; `null`: never. */
function watch(answer: () => Promise<unknown> | null) {
  const told: string[] = [];
  const line = new LineWatch({
    ask: (signal) => {
      told.push('asked');
      const untilAborted = () =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        });
      return answer() ?? untilAborted();
    },
    onAlive: () => told.push('alive'),
    onDead: () => told.push('dead'),
  });
  return { line, told };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a line that is heard now and then is not asked', async () => {
  const { line, told } = watch(() => Promise.resolve());
  for (let minute = 0; minute < 10; minute += 1) {
    line.heard();
    await vi.advanceTimersByTimeAsync(29_000);
  }
  expect(told).toEqual([]);
  line.stop();
});

test('a quiet line is asked every half minute, and lives while there is an answer', async () => {
  const { line, told } = watch(() => Promise.resolve());
  line.heard();
  await vi.advanceTimersByTimeAsync(65_000);
  expect(told).toEqual(['asked', 'alive', 'asked', 'alive']);
  line.stop();
});

test('a line that refuses is dead, until it answers again', async () => {
  let isUp = false;
  const { line, told } = watch(() => (isUp ? Promise.resolve() : Promise.reject(new Error())));
  line.heard();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(told).toEqual(['asked', 'dead']);
  isUp = true;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(told).toEqual(['asked', 'dead', 'asked', 'alive']);
  line.stop();
});

test('a line without a word is dead after ten seconds of waiting', async () => {
  const { line, told } = watch(() => null);
  line.heard();
  await vi.advanceTimersByTimeAsync(39_000);
  expect(told).toEqual(['asked']);
  await vi.advanceTimersByTimeAsync(1000);
  expect(told).toEqual(['asked', 'dead']);
  line.stop();
});

test('what is heard while it is being asked is answer enough', async () => {
  const { line, told } = watch(() => null);
  line.heard();
  await vi.advanceTimersByTimeAsync(35_000);
  line.heard();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(told).toEqual(['asked']);
  line.stop();
});

test('nothing is told once it has stopped', async () => {
  const { line, told } = watch(() => null);
  line.heard();
  await vi.advanceTimersByTimeAsync(31_000);
  line.stop();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(told).toEqual(['asked']);
});
