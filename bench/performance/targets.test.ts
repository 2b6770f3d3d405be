import { expect, test } from 'vitest';
import { mosquittoAlone } from './broker-peers.ts';
import type { LoadFigures } from './measure-load.ts';
import { BURST, BUSY_JSON } from './plan.ts';
import { judge } from './targets.ts';
import { tunnaBroker, tunnaWhole } from './tunna-peers.ts';

const figures = (more: Partial<LoadFigures>): LoadFigures => ({
  ...{ acked: 100, ackedPerSecond: 1, ackP50Ms: 1, ackP99Ms: 1 },
  ...{ stored: 100, storedPerSecond: 1, cpuMicros: {}, ...more },
});

const busy = (ours: readonly number[], theirs: readonly number[]) =>
  judge({
    contests: new Map([
      [
        BUSY_JSON,
        new Map([
          [tunnaBroker.name, ours.map((ackedPerSecond) => figures({ ackedPerSecond }))],
          [mosquittoAlone.name, theirs.map((ackedPerSecond) => figures({ ackedPerSecond }))],
        ]),
      ],
    ]),
    idleKib: new Map(),
  })[0];

test('a ratio is that of rounds that ran side by side, and its median decides', () => {
  expect(busy([90, 10, 85], [100, 10, 100])).toMatchObject({ isReached: true });
  expect(busy([70, 10, 79], [100, 10, 100])).toMatchObject({ isReached: false });
});

test('what was not measured is neither reached nor missed', () => {
  const verdicts = judge({ contests: new Map(), idleKib: new Map() });
  expect(verdicts.length).toBeGreaterThan(5);
  for (const { found, isReached } of verdicts) {
    expect({ found, isReached }).toEqual({ found: 'not measured', isReached: undefined });
  }
});

test('a burst of which one message is missing in one round is not stored', () => {
  const rounds = [figures({}), figures({ stored: 99 })];
  const contests = new Map([[BURST, new Map([[tunnaWhole.name, rounds]])]]);
  const verdict = judge({ contests, idleKib: new Map() }).find(({ aim }) => aim.includes('burst'));
  expect(verdict).toMatchObject({ found: '100 of 100, 99 of 100', isReached: false });
});
