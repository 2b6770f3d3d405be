import { expect, it } from 'vitest';
import { batteryPercentOfStatus } from './lorawan-status.ts';

it.each([
  [0, undefined],
  [1, 0],
  [254, 100],
  [255, undefined],
  [94, 36.8],
  [1.5, undefined],
])('the battery byte %d of a DevStatusAns is %s percent', (level, percent) => {
  expect(batteryPercentOfStatus(level)).toBe(percent);
});
