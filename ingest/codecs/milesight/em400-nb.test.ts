import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../../testing/decode-hex.ts';

const decode = (hex: string) => decodeHex('milesight/em400-mud-nb', hex, undefined);

const hexOf = (text: string) => Buffer.from(text, 'latin1').toString('hex');
const uint16 = (value: number) => value.toString(16).padStart(4, '0');

/** A frame around items, with ids made up. */
function frame(items: string, csq = '09'): string {
  const ids = ['0101', '0110', '6749D00000000001', '860000000000001', '460000000000001'];
  const identification = `00000001${hexOf(`${ids.join('')}89860000000000000001`)}`;
  const rest = `${identification}${csq}${uint16(items.length / 2)}${items}`;
  return `020001${uint16(rest.length / 2)}${rest}`;
}

const ITEMS = '01756403670b0104823b01050001';
const MEASUREMENT = {
  batteryPercent: 100,
  temperatureC: 26.7,
  distanceMm: 315,
  tilted: true,
  extras: { csq: 9 },
};

describe('Milesight EM400 over NB-IoT or LTE-M', () => {
  it('reads the items of the maker’s example, and the signal of the header', () => {
    expect(decode(frame(ITEMS))).toEqual(measuredOnce(MEASUREMENT));
  });

  it('reads frost as frost', () => {
    expect(decode(frame('0367ceff'))).toMatchObject(measuredOnce({ temperatureC: -5 }));
  });

  it('reads several samples as several measurements, in their order', () => {
    const second = '01756303670a0104824001050000';
    const third = '0482410104824201050001';
    expect(decode(frame(`${ITEMS}${second}${third}`))).toEqual({
      ok: true,
      measurements: [
        MEASUREMENT,
        { ...MEASUREMENT, batteryPercent: 99, temperatureC: 26.6, distanceMm: 320, tilted: false },
        { distanceMm: 321, extras: { csq: 9 } },
        { distanceMm: 322, tilted: true, extras: { csq: 9 } },
      ],
    });
  });

  it('reads a value and its alarm as one sample', () => {
    expect(decode(frame('0367e8008367e80001048241068482410601'))).toMatchObject(
      measuredOnce({ temperatureC: 23.2, distanceMm: 1601, alarms: ['temperature', 'full'] }),
    );
  });

  it('reads the position, latitude first, and motion as the alarm "moved"', () => {
    // 59.329300, 18.068600
    expect(decode(frame('0688144b890378b4130132'))).toEqual(
      measuredOnce({
        alarms: ['moved'],
        extras: { latitude: 59.3293, longitude: 18.0686, csq: 9 },
      }),
    );
    expect(decode(frame('048201000688000000000000000020'))).toEqual(
      measuredOnce({ distanceMm: 1, extras: { csq: 9 } }),
    );
  });

  it('leaves an unknown signal out', () => {
    expect(decode(frame('04823b01', '63'))).toEqual(measuredOnce({ distanceMm: 315 }));
  });

  it('takes a frame of device items as valid without telemetry', () => {
    expect(decode(frame('ff0bff'))).toEqual(WITHOUT_TELEMETRY);
    expect(decode(frame(''))).toEqual(WITHOUT_TELEMETRY);
  });

  it.each([
    ...cutShort(frame(ITEMS)),
    `${frame(ITEMS)}00`,
    frame(ITEMS).replace(/^02/, '03'),
    frame(ITEMS).replace(/^020001/, '020002'),
    frame(ITEMS, '20'),
    frame('04823b'),
    frame('0999'),
    ITEMS,
  ])('refuses "%s"', (hex) => {
    expect(decode(hex)).toMatchObject({ ok: false });
  });
});
