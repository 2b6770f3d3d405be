import { describe, expect, it } from 'vitest';
import {
  cutShort,
  decodeHex,
  isRefused,
  measuredOnce,
  WITHOUT_TELEMETRY,
} from '../testing/decode-hex.ts';
import { codecForAlias } from './registry.ts';

const decode = (hex: string, fPort: number | undefined = 1) =>
  decodeHex('pepperl-fuchs/wilsen-sonic-level', hex, fPort);

/** Distance in mm, fill, temperature, battery, latitude, longitude. */
const ITEMS = [
  '040b0205dc',
  '030b062d',
  '06020141aa0000',
  '03510123',
  '0650010386b7e3',
  '0650020113bfd4',
];
const FRAME = ITEMS.join('');

describe('Pepperl+Fuchs WILSEN', () => {
  it('reads distance, fill, temperature, battery and position', () => {
    expect(decode(FRAME)).toEqual(
      measuredOnce({
        distanceMm: 1500,
        fillPercent: 45,
        temperatureC: 21.3,
        batteryV: 3.5,
        extras: { latitude: 59.160547, longitude: 18.071508 },
      }),
    );
  });

  it('reads centimetres, and goes by millimetres where both are there', () => {
    expect(decode('040b010096')).toEqual(measuredOnce({ distanceMm: 1500 }));
    expect(decode('040b010096040b0205de')).toEqual(measuredOnce({ distanceMm: 1502 }));
  });

  it('keeps the amplitude of the echo', () => {
    expect(decode('040b0205dc030b07f0')).toEqual(
      measuredOnce({ distanceMm: 1500, extras: { echoStrength: 240 } }),
    );
  });

  it('reads positions in the south and west as negative', () => {
    expect(decode('065001fffffff6065002ff8587fa')).toEqual(
      measuredOnce({ extras: { latitude: -0.00001, longitude: -8.026118 } }),
    );
  });

  it.each([
    ['without a fix', '0650010000000006500200000000'],
    ['off the globe', '0650017fffffff0650027fffffff'],
    ['of latitude alone', '0650010386b7e3'],
  ])('believes no position %s', (_what, items) => {
    expect(decode(`${items}03510124`)).toEqual(measuredOnce({ batteryV: 3.6 }));
  });

  it.each(['040b02ffff', '040b01ffff'])('takes %s as no echo, and believes no fill', (item) => {
    expect(decode(`${item}030b062d`)).toEqual(measuredOnce({ sensorFault: 'no echo' }));
  });

  it('reads no fill above 100 % and no temperature that is not a number', () => {
    expect(decode('040b0205dc030b06ff0602017fc00000')).toEqual(measuredOnce({ distanceMm: 1500 }));
  });

  it('takes a status frame as battery without level', () => {
    expect(decode('042a25413104310102c00631030000017303510124')).toEqual(
      measuredOnce({ batteryV: 3.6 }),
    );
  });

  it('takes settings alone as valid without telemetry', () => {
    expect(decode('04f40500c8')).toEqual(WITHOUT_TELEMETRY);
    expect(decode('02f103')).toEqual(WITHOUT_TELEMETRY);
  });

  it.each([
    ['a distance of three bytes', '050b0205dc00'],
    ['an item too short for an id', '01020b'],
    ['an item of no length', '00020b'],
    ['a distance that comes twice', '040b0205dc040b0205dd'],
    ['bytes left over', `${FRAME}00`],
  ])('refuses %s', (_what, hex) => {
    expect(isRefused(decode(hex))).toBe(true);
  });

  // Items say their length: a frame cut between two of them is a shorter frame.
  const borders = new Set(ITEMS.map((_, index) => ITEMS.slice(0, index + 1).join('')));
  it.each(cutShort(FRAME).filter((piece) => !borders.has(piece)))(
    'refuses the piece "%s"',
    (piece) => {
      expect(isRefused(decode(piece))).toBe(true);
    },
  );

  it('refuses other ports', () => {
    expect(isRefused(decode(FRAME, 2))).toBe(true);
  });

  it('is known by its dotted name', () => {
    expect(codecForAlias('Pepperl+Fuchs/WILSEN.sonic.level')?.model).toBe(
      'pepperl-fuchs/wilsen-sonic-level',
    );
  });
});
