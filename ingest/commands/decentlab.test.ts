import { describe, expect, test } from 'vitest';
import { crc16 } from './decentlab.ts';
import { encodedHex } from './testing/encoded-hex.ts';

describe('commands for Decentlab sensors', () => {
  test('the period is written with its check sum', () => {
    const hourly = { kind: 'set-report-interval', seconds: 3_600 } as const;
    expect(encodedHex('decentlab/dl-mbx', hourly)).toBe('1:00020e1048a4');
    expect(encodedHex('decentlab/dl-lid', hourly)).toBe('1:00020e1048a4');
  });

  test('the check sum is CRC-16/MODBUS', () => {
    // The check value of the catalogue of CRC algorithms.
    expect(crc16(Buffer.from('123456789'))).toBe(0x4b37);
    expect(crc16([0x00, 0x07, 0x00, 0x00])).toBe(0xe5b1);
  });

  test.each([59, 65_536, 600.5])('a period of %d s is out of range', (seconds) => {
    const refusal = encodedHex('decentlab/dl-mbx', { kind: 'set-report-interval', seconds });
    expect(refusal).toMatch(/^out-of-range/);
  });

  test('nothing else can be set', () => {
    expect(encodedHex('decentlab/dl-mbx', { kind: 'set-full-threshold', distanceMm: 300 })).toMatch(
      /^unsupported/,
    );
  });
});
