import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillFromDistance } from '../domain/fill-from-distance.ts';
import { CONTAINERS, containerGeometry, distanceFromFill } from './containers.ts';

const containers = Object.values(CONTAINERS).flat();

test('a fill becomes a distance that Tunna reads as the same fill within one percent', () => {
  const anyContainer = fc.constantFrom(...containers);
  const anyFill = fc.double({ min: 0, max: 130, noNaN: true });
  fc.assert(
    fc.property(anyContainer, anyFill, (container, fillPercent) => {
      const geometry = containerGeometry(container, 30);
      const verdict = fillFromDistance(
        Math.round(distanceFromFill(fillPercent, geometry)),
        geometry,
      );
      expect(verdict.quality).toBe('accepted');
      expect(Math.abs((verdict.fillPercent ?? 999) - fillPercent)).toBeLessThan(1);
    }),
  );
});

test('the full line never lies inside the blind zone', () => {
  for (const container of containers) {
    const geometry = containerGeometry(container, 500);
    expect(geometry.fullDistanceMm).toBeGreaterThanOrEqual(500);
  }
});
