import { expect, test } from 'vitest';
import { NOBODY } from '../store/principals.ts';
import type { StoredPrincipal } from '../store/principals.ts';
import { AllowedTopics } from './allowed-topics.ts';

const gateway: StoredPrincipal = { ...NOBODY, id: 'gw', kind: 'gateway', prefixes: ['v3/#'] };

test('the answer is the same however often it is asked', () => {
  const allowed = new AllowedTopics();
  for (let time = 0; time < 3; time += 1) {
    expect(allowed.has(gateway, 'v3/a/up')).toBe(true);
    expect(allowed.has(gateway, 'v4/a/up')).toBe(false);
  }
});

test('a principal that lost a prefix loses its topics at once', () => {
  const allowed = new AllowedTopics();
  expect(allowed.has(gateway, 'v3/a/up')).toBe(true);
  expect(allowed.has({ ...gateway, prefixes: ['v4/#'] }, 'v3/a/up')).toBe(false);
});

test('more topics than are remembered are answered all the same', () => {
  const allowed = new AllowedTopics();
  for (let round = 0; round < 2; round += 1) {
    for (let index = 0; index < 5_000; index += 1) {
      expect(allowed.has(gateway, `v3/${index}/up`)).toBe(true);
    }
  }
});
