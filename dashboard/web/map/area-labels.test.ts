import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeView } from '../testing/make-bin.ts';
import { placeAreaLabels } from './area-labels.ts';

function binAt(area: string | null, lat: number, lng: number) {
  return makeView({ area, location: { lat, lng } });
}

describe('the labels of areas', () => {
  test('stand at the middle of their bins', () => {
    const views = [
      binAt('Hamnen', 59.1, 17.3),
      binAt('Hamnen', 59.2, 17.1),
      binAt('Hamnen', 59.3, 17.2),
    ];
    expect(placeAreaLabels(views)).toEqual([{ name: 'Hamnen', lat: 59.2, lng: 17.2, count: 3 }]);
  });

  test('are not pulled away by one bin far off', () => {
    const views = [
      binAt('Hamnen', 59.1, 17.1),
      binAt('Hamnen', 59.1, 17.1),
      binAt('Hamnen', 0, -170),
    ];
    expect(placeAreaLabels(views)).toMatchObject([{ lat: 59.1, lng: 17.1 }]);
  });

  test('come with the largest area first, which gets the best place', () => {
    const views = [binAt('Small', 1, 1), binAt('Large', 2, 2), binAt('Large', 3, 3)];
    expect(placeAreaLabels(views).map(({ name }) => name)).toEqual(['Large', 'Small']);
  });

  test('leave out bins of no area', () => {
    expect(placeAreaLabels([binAt(null, 1, 1)])).toEqual([]);
  });

  test('lie among their bins, once for each area, with every bin counted', () => {
    const views = fc.array(
      fc
        .tuple(
          fc.constantFrom('A', 'B', 'C'),
          fc.double({ min: -85, max: 85, noNaN: true }),
          fc.double({ min: -180, max: 180, noNaN: true }),
        )
        .map(([area, lat, lng]) => binAt(area, lat, lng)),
    );
    fc.assert(
      fc.property(views, (all) => {
        const labels = placeAreaLabels(all);
        expect(new Set(labels.map(({ name }) => name)).size).toBe(labels.length);
        expect(labels.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        for (const { name, lat, lng } of labels) {
          const own = all.filter(({ bin }) => bin.area === name);
          expect(own.some(({ bin }) => bin.location.lat === lat)).toBe(true);
          expect(own.some(({ bin }) => bin.location.lng === lng)).toBe(true);
        }
      }),
    );
  });
});
