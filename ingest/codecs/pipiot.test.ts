import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, isRefused, measuredOnce } from '../testing/decode-hex.ts';

const decode = (hex: string, fPort?: number) => decodeHex('pipiot/levelsense', hex, fPort);

/** Distance in steps of 2 mm, then the laser, temperature, tilt and two more bytes. */
const frame = (flags = '00', distance = '0269', temperature = 'fb', tilt = '06') =>
  `30${flags}00${distance}d701d2${temperature}${tilt}9d02`;

const REST = { temperatureC: -5, tilted: false, alarms: [], extras: { tiltDegrees: 6 } };

describe('Pipiot LevelSense', () => {
  it('reads the ultrasonic distance in whole centimetres, frost and tilt', () => {
    expect(decode(frame())).toEqual(measuredOnce({ ...REST, distanceMm: 1230 }));
  });

  it('reads a device that moved, or sends at its set time, as any other', () => {
    expect(decode(frame('c0'))).toEqual(decode(frame()));
  });

  it('reads a tilted device as tilted', () => {
    expect(decode(frame('10'))).toMatchObject(
      measuredOnce({ distanceMm: 1230, tilted: true, alarms: ['tilt'] }),
    );
  });

  it('takes nothing measured as no echo, never as a level', () => {
    expect(decode(frame('00', '0000'))).toEqual(measuredOnce({ ...REST, sensorFault: 'no echo' }));
  });

  it('believes no level of a broken ultrasonic sensor', () => {
    expect(decode(frame('04'))).toEqual(
      measuredOnce({ ...REST, sensorFault: 'ultrasonic sensor is broken' }),
    );
  });

  it('believes neither level nor tilt of an overheated sensor', () => {
    const { extras: _tilt, ...rest } = REST;
    expect(decode(frame('20'))).toEqual(
      measuredOnce({ ...rest, sensorFault: 'too hot to measure' }),
    );
  });

  it('believes no impossible temperature and no tilt of a broken accelerometer', () => {
    expect(decode(frame('01', '0269', '80'))).toEqual(
      measuredOnce({ distanceMm: 1230, tilted: false, alarms: [] }),
    );
    expect(decode(frame('00', '0269', '7f', 'b4'))).toEqual(
      measuredOnce({ distanceMm: 1230, tilted: false, alarms: [] }),
    );
  });

  it.each([...cutShort(frame()), `${frame()}00`])(
    'refuses "%s", which is no whole frame',
    (hex) => {
      expect(isRefused(decode(hex))).toBe(true);
    },
  );

  it.each(['00', '10', '20', '40'])('refuses frames of the kind in %s', (head) => {
    expect(isRefused(decode(frame().replace(/^30/, head)))).toBe(true);
  });
});
