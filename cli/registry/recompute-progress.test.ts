import { expect, test } from 'vitest';
import { createRecomputeProgress } from './recompute-progress.ts';

const SPAN = { deviceId: 'sensor-1', fromMs: 0, toMs: null };

function tell(done: readonly number[], isTTY: boolean): string {
  let text = '';
  const progress = createRecomputeProgress({ isTTY, write: (more) => (text += more) });
  for (const doneReadings of done) progress({ ...SPAN, doneReadings, totalReadings: 1000 });
  return text;
}

test('in a terminal the progress stays in one line', () => {
  const said = 'sensor-1, from the beginning on';
  expect(tell([500, 1000], true)).toBe(
    `\r${said}: 500 of 1000 readings computed anew\u001b[K\r${said}: 1000 of 1000 readings computed anew\u001b[K\n`,
  );
});

test('elsewhere every tenth has a line', () => {
  const lines = tell([50, 99, 100, 150, 250, 290, 1000], false).trim().split('\n');
  expect(lines.map((line) => /(\d+) of/.exec(line)?.[1])).toEqual(['100', '250', '1000']);
});
