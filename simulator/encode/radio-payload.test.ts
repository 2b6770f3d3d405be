import { expect, test } from 'vitest';
import type { SensorReading } from '../sensor-model.ts';
import { encodeDingtek } from './dingtek.ts';
import { encodeEm310Udl, encodeEm400 } from './milesight.ts';
import { encodeR718x } from './netvox.ts';

const READING: SensorReading = {
  observedAtMs: Date.UTC(2026, 10, 24),
  distanceMm: 2116,
  fillPercent: 50,
  temperatureC: 25.7,
  batteryPercent: 92,
  batteryV: 3.6,
  lowBattery: false,
  tiltDegrees: 10,
  tilted: true,
};

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

test('an EM400 sends the bytes of its maker’s own example', () => {
  const { fPort, bytes } = encodeEm400(READING);
  expect(fPort).toBe(85);
  expect(hex(bytes)).toBe('01755c0367010104824408050001');
});

test('an EM400 sends frost as a two’s complement', () => {
  // -12.3 °C is -123 tenths: 0x10000 - 123 = 0xff85, low byte first.
  const { bytes } = encodeEm400({ ...READING, temperatureC: -12.3, tilted: false });
  expect(hex(bytes)).toBe('01755c036785ff04824408050000');
});

test('an EM310-UDL sends the bytes of its maker’s own example', () => {
  const { fPort, bytes } = encodeEm310Udl(READING);
  expect(fPort).toBe(85);
  expect(hex(bytes)).toBe('01755c03824408040001');
});

test('a Netvox R718X sends the bytes of its maker’s own example', () => {
  const { fPort, bytes } = encodeR718x({ ...READING, distanceMm: 300, temperatureC: 26.3 });
  expect(fPort).toBe(6);
  expect(hex(bytes)).toBe('0134012401012c0107320a');
});

test('a Netvox R718X marks a low battery in the highest bit, and its fill stops at 100', () => {
  const reading = { ...READING, distanceMm: 300, temperatureC: -1, batteryV: 3.2 };
  const { bytes } = encodeR718x({ ...reading, lowBattery: true, fillPercent: 118 });
  // 32 | 0x80 = 0xa0; -10 tenths = 0xfff6; 100 = 0x64.
  expect(hex(bytes)).toBe('013401a001012cfff6640a');
});

test('a Dingtek frame has every field in its place', () => {
  // 2000 mm = 0x07d0, 25 °C = 0x19, 10 degrees = 0x0a, tilt in the upper half of byte 12, counter 1.
  const { fPort, bytes } = encodeDingtek({ ...READING, distanceMm: 2000, temperatureC: 25 }, 1);
  expect(fPort).toBe(3);
  expect(hex(bytes)).toBe('800001011107d00019000a001000010081');
});

test('a Dingtek frame carries frost, a full bin, a low battery, and a counter that wraps at 16 bits', () => {
  const reading = { ...READING, distanceMm: 250, temperatureC: -5.4, lowBattery: true };
  const { bytes } = encodeDingtek({ ...reading, tilted: false, tiltDegrees: 0 }, 0x1_0002);
  // 250 = 0x00fa, -5 = 0xfb, full in the upper half of byte 11, battery in the lower half of byte 12.
  expect(hex(bytes)).toBe('800001011100fa00fb0000100100020081');
});
