import { describe, expect, it } from 'vitest';
import {
  cutShort,
  decodeHex,
  isRefused,
  measuredOnce,
  WITHOUT_TELEMETRY,
} from '../testing/decode-hex.ts';

const decode = (model: string, hex: string, fPort: number | undefined = 1) =>
  decodeHex(`decentlab/${model}`, hex, fPort);

const HEAD = '020001';
/** Average, minimum, maximum, median, four percentiles, most frequent value. */
const DISTANCES = '03e8038404b003f2039003a00400041003f3';

describe('Decentlab DL-MBX', () => {
  it('reads distance, number of samples and battery', () => {
    expect(decode('dl-mbx', `${HEAD}0003060e00050c80`)).toEqual(
      measuredOnce({ distanceMm: 1550, batteryV: 3.2, extras: { sampleCount: 5 } }),
    );
  });

  it('reads a distance without battery', () => {
    expect(decode('dl-mbx', `${HEAD}0001060e0005`)).toEqual(
      measuredOnce({ distanceMm: 1550, extras: { sampleCount: 5 } }),
    );
  });

  it.each(['060e0000', 'ffff0005'])('takes %s as no echo, never as a level', (words) => {
    expect(decode('dl-mbx', `${HEAD}0003${words}0c80`)).toMatchObject(
      measuredOnce({ sensorFault: 'no echo', batteryV: 3.2 }),
    );
  });
});

describe('Decentlab DL-LID and DL-LID2', () => {
  it('takes the median as the distance, and keeps its range', () => {
    const extras = { distanceMinMm: 900, distanceMaxMm: 1200, sampleCount: 20 };
    const expected = measuredOnce({ distanceMm: 1010, batteryV: 3.2, extras });
    expect(decode('dl-lid', `${HEAD}0003${DISTANCES}001400400c80`)).toEqual(expected);
    expect(decode('dl-lid2', `${HEAD}0003${DISTANCES}0014004000200c80`)).toEqual(expected);
  });

  it('takes a median of all ones as no echo, never as a level', () => {
    const block = `${DISTANCES.slice(0, 12)}ffff${DISTANCES.slice(16)}`;
    expect(decode('dl-lid', `${HEAD}0001${block}00140040`)).toEqual(
      measuredOnce({ sensorFault: 'no echo', extras: { sampleCount: 20 } }),
    );
  });

  it('does not read one model’s frames as the other’s', () => {
    expect(isRefused(decode('dl-lid2', `${HEAD}0003${DISTANCES}001400400c80`))).toBe(true);
    expect(isRefused(decode('dl-lid', `${HEAD}0003${DISTANCES}0014004000200c80`))).toBe(true);
  });
});

const FRAMES = [
  ['dl-mbx', `${HEAD}0003060e00050c80`],
  ['dl-lid', `${HEAD}0003${DISTANCES}001400400c80`],
  ['dl-lid2', `${HEAD}0003${DISTANCES}0014004000200c80`],
] as const;

describe.each(FRAMES)('Decentlab %s', (model, frame) => {
  it('takes a battery alone as a reading without level', () => {
    expect(decode(model, `${HEAD}00020c80`)).toEqual(measuredOnce({ batteryV: 3.2 }));
  });

  it('takes a frame without any sensor as valid without telemetry', () => {
    expect(decode(model, `${HEAD}0000`)).toEqual(WITHOUT_TELEMETRY);
  });

  it.each(cutShort(frame))('refuses the piece "%s"', (piece) => {
    expect(isRefused(decode(model, piece))).toBe(true);
  });

  it('refuses other lengths, versions and sensors', () => {
    expect(isRefused(decode(model, `${frame}00`))).toBe(true);
    expect(isRefused(decode(model, frame.replace(/^02/, '01')))).toBe(true);
    expect(isRefused(decode(model, `${HEAD}00060c80`))).toBe(true);
  });

  it('is told by its head, on whatever port it comes', () => {
    expect(decode(model, frame, 5)).toEqual(decode(model, frame));
  });
});
