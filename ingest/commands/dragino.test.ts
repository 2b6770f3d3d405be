import { expect, test } from 'vitest';
import { encodedHex } from './testing/encoded-hex.ts';

test('the interval of a Dragino sensor has three bytes', () => {
  const interval = (seconds: number) =>
    encodedHex('dragino/ldds75', { kind: 'set-report-interval', seconds });
  expect(interval(60)).toBe('2:0100003c');
  expect(interval(86_400)).toBe('2:01015180');
  expect(interval(59)).toMatch(/^out-of-range/);
  expect(interval(0x100_0000)).toMatch(/^out-of-range/);
});

test('nothing else of a Dragino sensor can be set', () => {
  const threshold = { kind: 'set-full-threshold', distanceMm: 300 } as const;
  expect(encodedHex('dragino/ldds75', threshold)).toMatch(/^unsupported/);
});
