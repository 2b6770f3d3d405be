import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOUSE_RADIUS_PX, TOUCH_RADIUS_PX, findHit } from './hit-test.ts';
import type { HitTarget } from './hit-test.ts';

function target(subject: string, x: number, y: number, radius: number): HitTarget<string> {
  return { subject, x, y, radius };
}

test('a point within a target meets it, one outside meets nothing', () => {
  const targets = [target('a', 100, 100, 20)];
  expect(findHit(targets, 115, 100, 0)?.subject).toBe('a');
  expect(findHit(targets, 121, 100, 0)).toBeUndefined();
  expect(findHit([], 0, 0, TOUCH_RADIUS_PX)).toBeUndefined();
});

test('a finger reaches what a mouse misses', () => {
  const targets = [target('a', 100, 100, 8)];
  expect(findHit(targets, 120, 100, MOUSE_RADIUS_PX)).toBeUndefined();
  expect(findHit(targets, 120, 100, TOUCH_RADIUS_PX)?.subject).toBe('a');
});

test('a gloved finger has 48 pixels', () => {
  expect(TOUCH_RADIUS_PX * 2).toBe(48);
});

test('a small target is not lost under the reach of a large one beside it', () => {
  const targets = [target('small', 100, 100, 8), target('large', 130, 100, 36)];
  expect(findHit(targets, 104, 100, 0)?.subject).toBe('small');
});

test('of targets on the same spot the one drawn on top is met', () => {
  const targets = [target('below', 50, 50, 20), target('above', 50, 50, 20)];
  expect(findHit(targets, 52, 50, 0)?.subject).toBe('above');
});

test('what is met covers the point, and no other that covers it is nearer', () => {
  const place = fc.integer({ min: 0, max: 200 });
  const targets = fc.array(
    fc.record({ x: place, y: place, radius: fc.integer({ min: 1, max: 40 }), subject: fc.nat() }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(targets, place, place, (all, x, y) => {
      const distanceTo = (one: HitTarget<number>) => Math.hypot(one.x - x, one.y - y);
      const covering = all.filter((one) => distanceTo(one) <= Math.max(one.radius, 14));
      const hit = findHit(all, x, y, 14);
      if (hit === undefined) expect(covering).toEqual([]);
      else expect(distanceTo(hit)).toBe(Math.min(...covering.map(distanceTo)));
    }),
  );
});
