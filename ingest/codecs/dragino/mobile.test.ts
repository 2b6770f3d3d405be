import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, isRefused, measuredOnce } from '../../testing/decode-hex.ts';

const decode = (model: string, hex: string, fPort?: number) =>
  decodeHex(`dragino/${model}`, hex, fPort);

/** 2022-09-05 01:40:11 UTC is 6315537b. */
const NIGHT_MS = Date.UTC(2022, 8, 5, 1, 40, 11);

/** Heads with ids made up, from battery and signal on as in recorded frames. */
const FIRST = '41100000000000640cd1070a1600';
const DATED = 'f86000000000000100840cf41e010000396315537b';
const PIN_LEVEL = 'f86000000000000100840cf41e01000100396315537b';
const SUBSCRIBER = 'f860000000000001f46000000000000100840cf41e01000100396315537b';

const MEASUREMENT = {
  observedAtMs: NIGHT_MS,
  batteryV: 3.316,
  distanceMm: 57,
  extras: { csq: 30 },
};

describe('Dragino NDDS75', () => {
  it('reads the first form, which has no time (documented by iotcreators)', () => {
    expect(decode('ndds75', FIRST)).toEqual(
      measuredOnce({ batteryV: 3.281, distanceMm: 2582, extras: { csq: 7 } }),
    );
  });

  it('reads the form with a time', () => {
    expect(decode('ndds75', DATED, 2)).toEqual(measuredOnce(MEASUREMENT));
  });

  it('reads records as measurements of their own time, and skips those that were never made', () => {
    expect(decode('ndds75', `${DATED}003a63155000000000000000ffff63154ff6`)).toEqual({
      ok: true,
      measurements: [
        MEASUREMENT,
        { observedAtMs: NIGHT_MS - 0x37b * 1000, distanceMm: 58 },
        { observedAtMs: NIGHT_MS - 0x385 * 1000, sensorFault: 'no echo' },
      ],
    });
  });

  it('leaves an unknown signal out, and takes a distance of zero as no probe', () => {
    expect(decode('ndds75', FIRST.replace('070a16', '630000'))).toEqual(
      measuredOnce({ batteryV: 3.281, sensorFault: 'no distance probe' }),
    );
  });

  it('refuses pieces, half records, an unknown signal quality, an odd battery and LoRaWAN ports', () => {
    const frame = `${DATED}003a63155000`;
    const pieces = cutShort(frame).filter((hex) => hex !== DATED && hex.length !== FIRST.length);
    for (const hex of [...pieces, `${frame}00`]) {
      expect(decode('ndds75', hex)).toSatisfy(isRefused);
    }
    // A piece as long as the first form is read as one, but its "battery" gives it away.
    expect(decode('ndds75', DATED.slice(0, FIRST.length))).toSatisfy(isRefused);
    expect(decode('ndds75', FIRST.replace('070a16', '200a16'))).toSatisfy(isRefused);
    expect(decode('ndds75', FIRST, 3)).toSatisfy(isRefused);
  });
});

describe.each(['dds75-nb', 'dds45-nb', 'dds20-nb'])('Dragino %s', (model) => {
  it.each([DATED, PIN_LEVEL, SUBSCRIBER])('reads the form %s, with records', (head) => {
    expect(decode(model, head)).toEqual(measuredOnce(MEASUREMENT));
    expect(decode(model, `${head}003a63155000`)).toEqual({
      ok: true,
      measurements: [MEASUREMENT, { observedAtMs: NIGHT_MS - 0x37b * 1000, distanceMm: 58 }],
    });
  });

  it('refuses the first form', () => {
    expect(decode(model, FIRST)).toSatisfy(isRefused);
  });
});

describe('Dragino DDS75-CB', () => {
  it('reads where it is', () => {
    expect(decode('dds75-cb', `${SUBSCRIBER}038949940113b4a863155000`)).toEqual(
      measuredOnce({
        ...MEASUREMENT,
        extras: { csq: 30, latitude: 59.328916, longitude: 18.068648 },
      }),
    );
  });

  it('leaves out a position that was never found', () => {
    expect(decode('dds75-cb', `${SUBSCRIBER}${'00'.repeat(12)}003a63155000`)).toMatchObject({
      measurements: [MEASUREMENT, { distanceMm: 58 }],
    });
  });

  it('refuses a frame without a place for it', () => {
    expect(decode('dds75-cb', SUBSCRIBER)).toSatisfy(isRefused);
  });
});
