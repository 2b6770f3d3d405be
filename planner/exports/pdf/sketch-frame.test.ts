import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitInto, scaleBar } from './sketch-frame.ts';

const BOX = { x: 10, y: 20, width: 390, height: 200 };

const position = fc.record({
  lat: fc.double({ min: -80, max: 80, noNaN: true }),
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
});

test('every place lies in the box, also when all are one', () => {
  fc.assert(
    fc.property(fc.array(position, { minLength: 1, maxLength: 20 }), (positions) => {
      const { place } = fitInto(positions, BOX);
      for (const [x, y] of positions.map(place)) {
        expect(x).toBeGreaterThanOrEqual(BOX.x - 1e-6);
        expect(x).toBeLessThanOrEqual(BOX.x + BOX.width + 1e-6);
        expect(y).toBeGreaterThanOrEqual(BOX.y - 1e-6);
        expect(y).toBeLessThanOrEqual(BOX.y + BOX.height + 1e-6);
      }
    }),
  );
});

test('north is up, east is right, and both have one scale', () => {
  const corner = { lat: 59, lng: 17 };
  const north = { lat: 59.01, lng: 17 };
  // At 59 degrees a degree of longitude is half a degree of latitude.
  const east = { lat: 59, lng: 17 + 0.01 / Math.cos((59.005 * Math.PI) / 180) };
  const { place } = fitInto([corner, north, east], BOX);
  const [[x, y], [, yNorth], [xEast]] = [place(corner), place(north), place(east)];
  expect(y - yNorth).toBeCloseTo(200, 6);
  expect(xEast - x).toBeCloseTo(200, 6);
});

test('the scale is a round number of metres', () => {
  expect(
    [1, 0.02, 0.003, 0.4].map((pointsPerMetre) =>
      scaleBar({ pointsPerMetre, place: () => [0, 0] }, 80),
    ),
  ).toEqual([50, 2000, 20_000, 200]);
});
