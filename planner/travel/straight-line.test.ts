import { describe, expect, test } from 'vitest';
import { greatCircleMetres } from './great-circle.ts';
import { StraightLine } from './straight-line.ts';

const STOCKHOLM = { lat: 59.3293, lng: 18.0686 };
const GOTHENBURG = { lat: 57.7089, lng: 11.9746 };

describe('a great circle', () => {
  test('is as long as a degree of a meridian, and as long both ways', () => {
    expect(greatCircleMetres({ lat: 0, lng: 0 }, { lat: 1, lng: 0 })).toBeCloseTo(111_195, 0);
    expect(greatCircleMetres({ lat: 0, lng: 179.5 }, { lat: 0, lng: -179.5 })).toBeCloseTo(
      111_195,
      0,
    );
    expect(greatCircleMetres(STOCKHOLM, GOTHENBURG)).toBe(greatCircleMetres(GOTHENBURG, STOCKHOLM));
    expect(greatCircleMetres(STOCKHOLM, GOTHENBURG) / 1000).toBeCloseTo(397, 0);
    expect(greatCircleMetres(STOCKHOLM, STOCKHOLM)).toBe(0);
  });
});

describe('straight lines', () => {
  test('are longer by a factor, and driven at one speed', async () => {
    const source = new StraightLine({ detourFactor: 2, speedKmh: 36 });
    const { seconds, metres } = await source.table('truck', [
      { lat: 0, lng: 0 },
      { lat: 0.01, lng: 0 },
    ]);
    expect([...metres]).toEqual([0, 2224, 2224, 0]);
    expect([...seconds]).toEqual([0, 222, 222, 0]);
  });

  test('say what they are, in the table and in the way', async () => {
    const source = new StraightLine();
    const text = 'straight lines times 1.4 at 30 km/h';
    const route = await source.route('truck', [STOCKHOLM, GOTHENBURG, STOCKHOLM]);
    expect(route.by).toEqual({ kind: 'straight-line', text, attribution: null });
    expect(route.legs.map(({ line }) => line)).toEqual([
      [STOCKHOLM, GOTHENBURG],
      [GOTHENBURG, STOCKHOLM],
    ]);
    expect((await source.table('truck', [])).by).toBe(source.description);
  });

  test.each([{ detourFactor: 0.9 }, { detourFactor: Number.NaN }, { speedKmh: 0 }])(
    'are not made with nonsense: %o',
    (options) => {
      expect(() => new StraightLine(options)).toThrow(RangeError);
    },
  );
});
