import { describe, expect, it } from 'vitest';
import { deviceOfHead, splitName } from './senml-name.ts';

describe('splitName', () => {
  it.each([
    ['urn:dev:mac:0024befffe804ff1:', 'distance', 'urn:dev:mac:0024befffe804ff1:', 'distance'],
    ['urn:dev:mac:0024befffe804ff1_', 'fill_level', 'urn:dev:mac:0024befffe804ff1_', 'fill_level'],
    ['', 'bin-7:distance', 'bin-7:', 'distance'],
    ['', 'distance', '', 'distance'],
    ['bin-7', 'distance', 'bin-7', 'distance'],
    ['bin-7/distance', '', 'bin-7/', 'distance'],
    ['town/', 'bin-7/distance', 'town/bin-7/', 'distance'],
    ['urn:dev:mac:0024befffe804ff1', 'distance', 'urn:dev:mac:0024befffe804ff1', 'distance'],
    ['', 'urn:dev:ow:10e2073a01080063_distance', 'urn:dev:ow:10e2073a01080063', 'distance'],
    ['', 'urn:dev:ow:10e2073a01080063', 'urn:dev:ow:10e2073a01080063', ''],
    ['urn:dev:ow:', '10e2073a01080063', 'urn:dev:ow:10e2073a01080063', ''],
  ])('takes %s + %s apart', (base, name, head, quantity) => {
    expect(splitName(base + name, base.length)).toEqual({ head, quantity });
  });
});

describe('deviceOfHead', () => {
  it.each([
    ['urn:dev:mac:0024BEFFFE804FF1:', '0024befffe804ff1'],
    ['urn:dev:ow:10e2073a01080063_', '10e2073a01080063'],
    ['urn:dev:org:32473-bin:7/', '32473-bin-7'],
    ['urn:imei:867723030711443:', '867723030711443'],
    ['town/depot/bin-7/', 'bin-7'],
    ['/', undefined],
    ['', undefined],
    ['two words/', 'bad'],
  ])('finds the device of %s', (head, device) => {
    expect(deviceOfHead(head)).toBe(device);
  });
});
