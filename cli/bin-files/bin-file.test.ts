import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBinId } from '../../domain/ids.ts';
import { STREAMS } from '../../domain/stream.ts';
import type { Bin } from '../../store/bins.ts';
import { BIN_FORMATS, describeFileMistake, formatOf, parseBinFile, writeBins } from './bin-file.ts';
import type { BinFormat } from './bin-file.ts';

function read(text: string, format: BinFormat = 'csv'): readonly Bin[] {
  const result = parseBinFile(Buffer.from(text), format);
  if (!result.ok) throw new Error(result.mistakes.map(describeFileMistake).join('\n'));
  return result.bins;
}

function mistakesOf(text: string | Uint8Array, format: BinFormat = 'csv'): string[] {
  const result = parseBinFile(Buffer.from(text), format);
  return result.ok ? [] : result.mistakes.map(describeFileMistake);
}

const HEADING = 'id,name,stream,lat,lng';
const POINT = { type: 'Point', coordinates: [17.5, 59.25] };

/** Text as people write it, with everything that CSV has to quote. */
const words = fc
  .string({ unit: fc.constantFrom(...Array.from('aÅ漢😀 ,;"\'=+-@|.\\')) })
  .filter((text) => text.trim() !== '' && text.length <= 200);
const lines = fc.array(words, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('\n'));

const anyBin: fc.Arbitrary<Bin> = fc.record({
  id: fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/).map((text) => {
    const id = parseBinId(text) ?? parseBinId('bin-1');
    if (id === undefined) throw new Error('bin-1 is an id');
    return id;
  }),
  name: words,
  description: fc.option(lines),
  stream: fc.constantFrom(...STREAMS),
  area: fc.option(words),
  location: fc.record({
    lat: fc.double({ min: -90, max: 90, noNaN: true }),
    lng: fc.double({ min: -180, max: 180, noNaN: true }),
  }),
  volumeLitres: fc.option(fc.double({ min: 1, max: 1e6, noNaN: true })),
  thresholdPercent: fc.double({ min: 1, max: 100, noNaN: true }),
});

/** Minus zero is zero on every map. */
const plain = (bins: readonly Bin[]): unknown => JSON.parse(JSON.stringify(bins));

describe('files of bins', () => {
  test.each(BIN_FORMATS)('%s: what is exported is imported as it was', (format) => {
    const bins = fc.uniqueArray(anyBin, { selector: ({ id }) => id, maxLength: 5 });
    fc.assert(
      fc.property(bins, (written) => {
        expect(plain(read(writeBins(written, format), format))).toEqual(plain(written));
      }),
    );
  });

  test('the format is what was asked for, or else what the name says', () => {
    expect(formatOf('bins.CSV', undefined)).toBe('csv');
    expect(formatOf('bins.geojson', undefined)).toBe('geojson');
    expect(formatOf('bins.txt', 'csv')).toBe('csv');
    expect(() => formatOf('bins.txt', undefined)).toThrow('--format');
  });

  test('an id that is there twice is a mistake', () => {
    expect(mistakesOf(`${HEADING}\na,A,food,59,17\na,B,food,59,17`)).toEqual([
      'row 3, id: "a" is in row 2 already',
    ]);
  });

  test('a file in another encoding is refused', () => {
    const latin1 = Buffer.from(`${HEADING}\na,Kök,food,59,17`, 'latin1');
    expect(mistakesOf(latin1)[0]).toContain('the file is not UTF-8');
  });
});

describe('CSV', () => {
  test('a bin without a threshold gets the one of its stream', () => {
    expect(read(`${HEADING}\na,A,food,59,17`)).toMatchObject([{ id: 'a', thresholdPercent: 70 }]);
  });

  test('a Swedish Excel is understood: byte order mark, semicolons, decimal commas', () => {
    const text = '\uFEFFid;name;stream;lat;lng;area\r\na;Kök, norr;food;59,195;17,6;\r\n';
    expect(read(text)).toMatchObject([
      { name: 'Kök, norr', location: { lat: 59.195, lng: 17.6 }, area: null },
    ]);
  });

  test('tabs and columns in another order are understood', () => {
    const text = 'lat\tlng\tname\tid\tstream\n59\t17\tA, B; C\ta\tfood\n';
    expect(read(text)).toMatchObject([{ id: 'a', name: 'A, B; C' }]);
  });

  test('every mistake is told with its row and field', () => {
    const text = [
      'id,name,stream,lat,lng,volume_litres',
      'a b,A,food,59,17,',
      'b,,fod,north,17,0',
      '',
      'c,C,food,91,17,100',
      'd,D,food,59',
    ].join('\n');
    expect(mistakesOf(text)).toEqual([
      'row 2, id: "a b" is not 1 to 64 letters, digits, dots, underscores or hyphens',
      'row 3, name: is missing',
      expect.stringContaining('row 3, stream: "fod" is none of residual, food'),
      'row 3, lat: "north" is not a number',
      'row 3, volume_litres: 0 is below 1',
      'row 5, lat: 91 is above 90',
      'row 6: has 4 cells where the heading has 6',
    ]);
  });

  test('a number that no computer can hold is told as it stands', () => {
    expect(mistakesOf(`${HEADING}\na,A,food,1e400,NaN`)).toEqual([
      'row 2, lat: "1e400" is not a number',
      'row 2, lng: "NaN" is not a number',
    ]);
  });

  test('a cell as long as a file is not told in full', () => {
    const [mistake = ''] = mistakesOf(`${HEADING}\na,${'x'.repeat(1_000_000)},food,59,17`);
    expect(mistake).toMatch(/^row 2, name: "x+\.\.\. \(cut\) is longer than 200 characters$/);
    expect(mistake.length).toBeLessThan(120);
  });

  test('control characters do not reach the screen', () => {
    const text = `id,name,stream,lat,lng,\u001B[2J\na\u001B,A,food,59,17,x`;
    for (const mistake of [...mistakesOf(text), ...mistakesOf(text.replace(',\u001B[2J', ''))]) {
      expect(mistake).not.toMatch(/\p{Cc}/u);
    }
  });

  test('a misspelt column is a mistake, because it would be lost in silence', () => {
    expect(mistakesOf(`${HEADING},volume_liters\na,A,food,59,17,3`)).toEqual([
      'row 1, volume_liters: is not a column; did you mean volume_litres?',
    ]);
  });

  test('columns that are missing are told once, not in every row', () => {
    expect(mistakesOf('id,name,lat,lon\na,A,59,17\nb,B,59,17')).toEqual([
      expect.stringMatching(/^row 1, lon: is not a column; columns are id, name/),
      'row 1, stream: is missing',
      'row 1, lng: is missing',
    ]);
  });

  test('empty columns without a heading are passed over, and what stands in one is not', () => {
    expect(read(`${HEADING},,\na,A,food,59,17,,`)).toHaveLength(1);
    expect(mistakesOf(`${HEADING},\na,A,food,59,17,blue`)).toEqual([
      'row 2: has "blue" in column 6, which has no heading',
    ]);
  });

  test('a quote that is never closed is told with its line', () => {
    expect(mistakesOf(`${HEADING}\na,"A,food,59,17`)[0]).toContain('the file is not CSV');
  });

  test('an empty file is a mistake', () => {
    for (const text of ['', '\uFEFF', ' \n\n']) {
      expect(mistakesOf(text)).toEqual(['the file is empty; the first row names the columns']);
    }
  });
});

describe('GeoJSON', () => {
  const collect = (...features: unknown[]): string =>
    JSON.stringify({ type: 'FeatureCollection', features });

  test('the id may stand among the properties, and the point is longitude first', () => {
    const properties = { id: 'a', name: 'A', stream: 'paper', area: null };
    const text = collect({ type: 'Feature', geometry: POINT, properties });
    expect(read(text, 'geojson')).toMatchObject([
      { id: 'a', location: { lat: 59.25, lng: 17.5 }, thresholdPercent: 85 },
    ]);
  });

  test('every mistake is told with its feature and field', () => {
    const text = collect(
      { type: 'Feature', id: 'a', geometry: POINT, properties: { name: 'A', colour: 'red' } },
      { type: 'Feature', geometry: { type: 'LineString', coordinates: [] }, properties: {} },
    );
    expect(mistakesOf(text, 'geojson')).toEqual([
      expect.stringContaining('feature 1, colour: is not a column'),
      'feature 1, stream: is missing',
      'feature 2, geometry.type: does not fit a GeoJSON feature with a point',
    ]);
  });

  test('a feature may be numbered, and must not have two ids', () => {
    const properties = { name: 'A', stream: 'paper' };
    const numbered = { type: 'Feature', id: 7, geometry: POINT, properties };
    expect(read(collect(numbered), 'geojson')).toMatchObject([{ id: '7' }]);
    const same = { ...numbered, properties: { ...properties, id: '7' } };
    expect(read(collect(same), 'geojson')).toMatchObject([{ id: '7' }]);
    const other = { ...numbered, properties: { ...properties, id: 'b' } };
    expect(mistakesOf(collect(other), 'geojson')).toEqual([
      'feature 1, id: "7" is another than in the properties',
    ]);
  });

  test('something else is refused as a whole', () => {
    for (const text of ['{', '[]', '{"type":"Feature"}']) {
      expect(mistakesOf(text, 'geojson')).toEqual(['the file is not a GeoJSON FeatureCollection']);
    }
  });
});
