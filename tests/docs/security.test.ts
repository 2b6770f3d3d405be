import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readTestNames } from './test-names.ts';

const ROOT = new URL('../../', import.meta.url);

interface Row {
  readonly threat: string;
  readonly file: string;
  readonly name: string;
}

function readTable(): Row[] {
  const lines = readFileSync(new URL('docs/security.md', ROOT), 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith('| Threat '));
  const rows = lines.slice(start + 2).filter((line) => line.startsWith('|'));
  return rows.map((line) => {
    const [, threat = '', , file = '', name = ''] = line.split('|').map((cell) => cell.trim());
    return { threat, file: file.replaceAll('`', ''), name };
  });
}

const rows = readTable();

test('docs/security.md has a test for every threat', () => {
  const threats = new Set(rows.map(({ threat }) => threat.split(' ')[0]));
  // D17, tampering with the device itself, is beyond what a platform can prevent.
  const expected = [...Array(18).keys()]
    .map((index) => `D${index + 1}`)
    .filter((id) => id !== 'D17');
  expect(threats).toEqual(new Set(expected));
});

test.each(rows)('$threat is tested by what docs/security.md names', ({ file, name }) => {
  const names = readTestNames(new URL(file, ROOT));
  expect([file, name, names.some((one) => one.test(name))]).toEqual([file, name, true]);
});

test('a part of a name names no test', () => {
  const names = readTestNames(new URL('tests/threats/certificates.test.ts', ROOT));
  const has = (name: string): boolean => names.some((one) => one.test(name));
  expect(has('TLSv1.1 > is refused by the broker')).toBe(true);
  expect(has('by the broker')).toBe(false);
  expect(has('is refused by the broker')).toBe(false);
});
