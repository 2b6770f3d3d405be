import { describe, expect, it } from 'vitest';
import { parseBinId, parseDeviceId } from './ids.ts';

describe('ids', () => {
  it('keep their case, except EUIs, which are lower case', () => {
    expect(parseBinId('Stora-Torget.7')).toBe('Stora-Torget.7');
    expect(parseDeviceId('Sensor_9')).toBe('Sensor_9');
    expect(parseDeviceId('24E124713C140001')).toBe('24e124713c140001');
  });

  it.each([
    '',
    ' ',
    'a b',
    'a/b',
    '+',
    '#',
    'å',
    '..',
    '.',
    '__proto__',
    'constructor',
    'x'.repeat(65),
    'a\n',
    'a\0',
  ])('refuse %j', (text) => {
    expect(parseBinId(text)).toBeUndefined();
    expect(parseDeviceId(text)).toBeUndefined();
  });
});
