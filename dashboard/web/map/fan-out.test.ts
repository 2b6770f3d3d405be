import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fanOut } from './fan-out.ts';

type Spot = readonly [lat: number, lng: number];

const STEP_PX = 44;
const CLOSEST_ZOOM = 20;
/** About a metre at 59 degrees north. */
const METRE_LAT = 1 / 111_320;
const METRE_LNG = METRE_LAT / Math.cos((59 * Math.PI) / 180);

function metres(north: number, east: number): Spot {
  return [59.195 + north * METRE_LAT, 17.626 + east * METRE_LNG];
}

function fan(spots: readonly Spot[]) {
  return fanOut(
    Float64Array.from(spots, ([lat]) => lat),
    Float64Array.from(spots, ([, lng]) => lng),
  );
}

/** Where the bins are drawn at a zoom, in pixels. */
function drawn(spots: readonly Spot[], zoom: number) {
  const shifts = fan(spots);
  const worldPx = 256 * 2 ** zoom;
  return spots.map(([lat, lng], index) => {
    const { x, y } = shifts.get(index) ?? { x: 0, y: 0 };
    const mercator = Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
    return {
      x: (lng / 360) * worldPx + x,
      y: (-mercator / (2 * Math.PI)) * worldPx + y,
    };
  });
}

/** The least distance between any two, along the axis on which they are further apart. */
function leastGap(places: readonly { x: number; y: number }[]): number {
  let least = Infinity;
  places.forEach((a, index) => {
    for (const b of places.slice(index + 1)) {
      least = Math.min(least, Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y)));
    }
  });
  return least;
}

describe('bins with room of their own', () => {
  test('stay where they are', () => {
    expect(fan([metres(0, 0), metres(0, 10), metres(300, 0)]).size).toBe(0);
    expect(fan([]).size).toBe(0);
  });
});

describe('bins on the same spot', () => {
  test('stand side by side, centred on it', () => {
    const shifts = fan([metres(0, 0), metres(0, 0)]);
    expect([...shifts.values()]).toEqual([
      { x: -22, y: 0 },
      { x: 22, y: 0 },
    ]);
  });

  test('stand in rows when there are many', () => {
    const five = [...fan(Array.from({ length: 5 }, () => metres(0, 0))).values()];
    expect(five).toEqual([
      { x: -44, y: -22 },
      { x: 0, y: -22 },
      { x: 44, y: -22 },
      { x: -22, y: 22 },
      { x: 22, y: 22 },
    ]);
  });
});

describe('bins close together', () => {
  test('are parted wherever they lie: no line on the ground separates them unseen', () => {
    const place = fc.integer({ min: 0, max: 10_000 });
    const apart = fc.integer({ min: -250, max: 250 });
    fc.assert(
      fc.property(place, place, apart, apart, (north, east, northward, eastward) => {
        const pair = [
          metres(north / 100, east / 100),
          metres((north + northward) / 100, (east + eastward) / 100),
        ];
        expect(leastGap(drawn(pair, CLOSEST_ZOOM))).toBeGreaterThan(STEP_PX - 0.01);
      }),
      { numRuns: 500 },
    );
  });

  test('keep their sides, so that none is pushed onto another that has come first', () => {
    const eastFirst = [metres(0, 2), metres(0, 0)];
    const [east, west] = drawn(eastFirst, CLOSEST_ZOOM);
    expect((east?.x ?? 0) - (west?.x ?? 0)).toBeGreaterThan(STEP_PX);
  });

  test('of one station never cover one another, at any zoom that shows them one by one', () => {
    const centimetres = fc.integer({ min: 0, max: 200 });
    const station = fc.array(fc.tuple(centimetres, centimetres), { minLength: 2, maxLength: 12 });
    const zoom = fc.constantFrom(18, 19, CLOSEST_ZOOM);
    fc.assert(
      fc.property(station, zoom, (offsets, closeness) => {
        const spots = offsets.map(([north, east]) => metres(north / 100, east / 100));
        expect(leastGap(drawn(spots, closeness))).toBeGreaterThan(STEP_PX - 0.01);
      }),
    );
  });

  test('are parted too when they only touch through others, as in a long row', () => {
    const row = Array.from({ length: 9 }, (_, index) => metres(0, index * 2.5));
    expect(leastGap(drawn(row, CLOSEST_ZOOM))).toBeGreaterThan(STEP_PX - 0.01);
    expect(fan(row).size).toBe(9);
  });
});

test('a wrong import that puts ten thousand bins on one spot gives every one a place of its own', () => {
  const spots = Array.from({ length: 10_000 }, (): Spot => [0, 0]);
  const places = [...fan(spots).values()].map(({ x, y }) => `${x}/${y}`);
  expect(new Set(places).size).toBe(10_000);
});
