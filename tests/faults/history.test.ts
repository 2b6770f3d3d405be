import { expect, test } from 'vitest';
import { compare, History, NOTHING_WRONG } from './history.ts';

function historyOf(acknowledged: readonly string[], open: readonly string[]): History {
  const history = new History();
  for (const key of [...acknowledged, ...open])
    history.add({ kind: 'invoke', key, content: `of ${key}` });
  for (const key of acknowledged) history.add({ kind: 'ok', key });
  return history;
}

const found = (...keys: string[]) => keys.map((key) => ({ key, content: `of ${key}` }));

test('what was acknowledged must be there; what is open may be', () => {
  const history = historyOf(['a', 'b'], ['c']);
  expect(compare(history, found('a', 'b'))).toEqual(NOTHING_WRONG);
  expect(compare(history, found('b', 'c', 'a'))).toEqual(NOTHING_WRONG);
});

test('what is missing, there twice, changed or never sent is found', () => {
  const history = historyOf(['a', 'b', 'd'], ['c']);
  const changed = { key: 'd', content: 'of somebody else' };
  expect(compare(history, [...found('a', 'c', 'c', 'e'), changed])).toEqual({
    ...{ lost: ['b'], phantom: ['e'], corrupt: ['d'], duplicate: ['c'] },
  });
});
