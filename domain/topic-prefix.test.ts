import { expect, test } from 'vitest';
import { coversTopic } from './topic-prefix.ts';

test.each([
  ['v3/#', 'v3'],
  ['v3/#', 'v3/a/b'],
  ['+/ttn/#', 'uplinks/ttn/up'],
  ['#', 'anything/at/all'],
])('%s covers %s', (prefix, topic) => {
  expect(coversTopic(prefix, topic)).toBe(true);
});

test.each([
  ['v3/#', 'v30/a'],
  ['v3/#', 'V3/a'],
  ['v3/a/#', 'v3'],
  ['v3/a', 'v3/a'],
  ['', ''],
  ['+/ttn/#', 'uplinks/other/up'],
])('%j does not cover %j', (prefix, topic) => {
  expect(coversTopic(prefix, topic)).toBe(false);
});
