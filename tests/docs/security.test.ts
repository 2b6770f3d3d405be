import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

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
  const text = readFileSync(new URL(file, ROOT), 'utf8');
  const isThere = text.split('\n').some((line) => line.includes(name));
  expect([file, name, isThere]).toEqual([file, name, true]);
});
