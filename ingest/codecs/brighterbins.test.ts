import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, isRefused, measuredOnce } from '../testing/decode-hex.ts';

const decode = (hex: string, fPort: number | undefined = 1) =>
  decodeHex('smartends/brighterbins', hex, fPort);

/** Packs `[value, width]` pairs, most significant bit first. */
function pack(...fields: readonly (readonly [value: number, width: number])[]): string {
  const bits = fields.map(([value, width]) => value.toString(2).padStart(width, '0')).join('');
  expect(bits.length % 8).toBe(0);
  return (bits.match(/.{8}/g) ?? [])
    .map((byte) => Number.parseInt(byte, 2).toString(16).padStart(2, '0'))
    .join('');
}

const fill = (percent: number, battery = 40, temperature = 60) =>
  pack([1, 2], [battery, 6], [temperature, 7], [percent, 7], [0, 2]);
const distance = (centimetres: number, battery = 40) =>
  pack([battery, 6], [35, 7], [centimetres, 9], [1, 2]);
const system = (battery: number, voltage: number) =>
  pack([0xabcdef, 24], [0x5a5a5a5a, 32], [0, 25], [battery, 6], [voltage, 4], [0, 3], [2, 2]);

describe('SmartEnds BrighterBins', () => {
  it('reads a fill', () => {
    expect(decode(fill(73))).toEqual(
      measuredOnce({ batteryPercent: 80, temperatureC: 20, fillPercent: 73 }),
    );
  });

  it('reads a distance in centimetres, and frost', () => {
    expect(decode(distance(123))).toEqual(
      measuredOnce({ batteryPercent: 80, temperatureC: -5, distanceMm: 1230 }),
    );
    expect(decode(distance(509))).toMatchObject(measuredOnce({ distanceMm: 5090 }));
  });

  it.each([101, 126, 127])('takes the fill %i as invalid, never as a level', (raw) => {
    expect(decode(fill(raw))).toEqual(
      measuredOnce({ batteryPercent: 80, temperatureC: 20, sensorFault: 'invalid fill' }),
    );
  });

  it.each([
    [510, 'sensor is set up wrongly'],
    [511, 'sensor does not answer'],
  ])('takes the distance %i as a fault, never as a level', (raw, sensorFault) => {
    expect(decode(distance(raw))).toEqual(
      measuredOnce({ batteryPercent: 80, temperatureC: -5, sensorFault }),
    );
  });

  it('knows an unknown battery', () => {
    expect(decode(fill(73, 63))).toEqual(measuredOnce({ temperatureC: 20, fillPercent: 73 }));
    expect(decode(distance(9, 63))).toEqual(measuredOnce({ temperatureC: -5, distanceMm: 90 }));
  });

  it('takes a system frame as battery without level', () => {
    expect(decode(system(30, 11))).toEqual(measuredOnce({ batteryPercent: 60, batteryV: 3.3 }));
  });

  it('refuses extended frames, and says why', () => {
    expect(decode('000000000000000000000003')).toEqual({
      ok: false,
      reason: expect.stringContaining('type 3'),
    });
  });

  it.each([
    ['a reading cut short', cutShort(fill(73)).at(-1) ?? ''],
    ['two bytes of a distance', '0001'],
    ['a byte too many', `00${distance(123)}`],
    ['a system frame a byte short', system(30, 11).slice(2)],
    ['nothing at all', ''],
  ])('refuses %s', (_what, hex) => {
    expect(isRefused(decode(hex))).toBe(true);
  });

  it.each([fill(73), distance(123), system(30, 11)].flatMap(cutShort))(
    'reads no level from the piece "%s"',
    (piece) => {
      // Three bytes of a system frame may look like a reading: nothing in them tells.
      if (piece.length !== 6) expect(isRefused(decode(piece))).toBe(true);
    },
  );

  it('refuses other ports', () => {
    expect(isRefused(decode(fill(73), 2))).toBe(true);
  });
});
