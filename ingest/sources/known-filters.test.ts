import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KnownFilters } from './known-filters.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunna-filters-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('filters are remembered for each source, once each', () => {
  const city = new KnownFilters(folder, 'source-city');
  expect(city.read()).toEqual([]);
  city.write(['a/#', 'b', 'a/#']);
  new KnownFilters(folder, 'source-parks').write(['c']);
  expect(new KnownFilters(folder, 'source-city').read()).toEqual(['a/#', 'b']);
  const file = join(folder, 'source-city.filters.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a file that makes no sense is as good as none', () => {
  const city = new KnownFilters(folder, 'source-city');
  for (const text of ['', '{', '{"a":1}', '[1]']) {
    writeFileSync(join(folder, 'source-city.filters.json'), text);
    expect(city.read()).toEqual([]);
  }
});

test('a folder that cannot be written to is told', () => {
  const city = new KnownFilters(join(folder, 'missing'), 'source-city');
  expect(() => city.write(['a'])).toThrow(/ENOENT/);
});
