import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

const NAMES = ['TUNNA_BIND', 'TUNNA_HTTP_PORT', 'TUNNA_MQTT_PORT'];

test('finds what was meant', () => {
  expect(nearestName('TUNNA_HTPP_PORT', NAMES)).toBe('TUNNA_HTTP_PORT');
  expect(nearestName('TUNNA_BIN', NAMES)).toBe('TUNNA_BIND');
});

test('says nothing about a name that is like none', () => {
  expect(nearestName('TUNNA_COLOUR', NAMES)).toBeUndefined();
  // Two letters of three differ: it may be anything.
  expect(nearestName('lon', ['lat', 'lng'])).toBeUndefined();
});
