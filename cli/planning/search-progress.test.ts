import { expect, test } from 'vitest';
import { lineProblem, visits } from '../../planner/testing/line-problem.ts';
import { SearchProgress } from './search-progress.ts';

function output(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

const problem = { ...lineProblem({}), units: { perSecond: 10, perMetre: 10 } };
const news = {
  plan: {
    routes: [
      { vehicleId: 'v1', visits: visits('a') },
      { vehicleId: 'v2', visits: [] },
    ],
  },
  ...{ cost: 1234, iterations: 5000, elapsedSeconds: 1.26 },
};

test('a better plan is told in one line of a terminal, which is taken away at the end', () => {
  const terminal = output(true);
  const progress = new SearchProgress(terminal, problem);
  progress.tell(news);
  progress.clear();
  progress.clear();
  expect(terminal.written).toEqual([
    '\r1.3 s, cost 123.4, 1 vehicles, 5000 steps, Ctrl-C takes this plan\u001b[K',
    '\r\u001b[K',
  ]);
});

test('nothing is told where there is no terminal', () => {
  const file = output(false);
  const progress = new SearchProgress(file, problem);
  progress.tell(news);
  progress.clear();
  expect(file.written).toEqual([]);
});
