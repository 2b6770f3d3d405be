import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SNAPS, nearestSnap, nextSnap } from './sheet-snap.ts';

test.each([
  [100, 'peek'],
  [240, 'peek'],
  [260, 'half'],
  [400, 'half'],
  [560, 'full'],
  [780, 'full'],
])('a sheet let go at %d of 800 pixels rests at %s', (heightPx, snap) => {
  expect(nearestSnap(heightPx, 800)).toBe(snap);
});

test('a sheet pulled higher never rests lower', () => {
  const pulled = fc.integer({ min: -100, max: 2000 });
  fc.assert(
    fc.property(pulled, pulled, fc.integer({ min: 300, max: 1500 }), (one, other, windowPx) => {
      const place = (heightPx: number) => SNAPS.indexOf(nearestSnap(heightPx, windowPx));
      expect(place(Math.min(one, other))).toBeLessThanOrEqual(place(Math.max(one, other)));
    }),
  );
});

test('taps lead through every height and back to the lowest', () => {
  expect(nextSnap('peek')).toBe('half');
  expect(nextSnap('half')).toBe('full');
  expect(nextSnap('full')).toBe('peek');
});
