import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../../testing/decode-hex.ts';

const decode = (model: string, hex: string, fPort = 2) => decodeHex(`dragino/${model}`, hex, fPort);

/** 2023-08-04 09:36:36 UTC. */
const MORNING_MS = Date.UTC(2023, 7, 4, 9, 36, 36);

describe.each(['ldds04', 'dds04-lb'])('Dragino %s', (model) => {
  it('reads four probes: their median is the level (example in the manual)', () => {
    expect(decode(model, '0d4a03160318031a031501')).toEqual(
      measuredOnce({
        batteryV: 3.402,
        distanceMm: 790,
        extras: {
          distancesMm: [790, 792, 794, 789],
          distanceMinMm: 789,
          distanceMaxMm: 794,
          sampleCount: 4,
        },
      }),
    );
  });

  it('does not count probes that gave nothing', () => {
    expect(decode(model, '8d4a000003180000ffff01')).toEqual(
      measuredOnce({
        batteryV: 3.402,
        distanceMm: 792,
        extras: {
          distancesMm: [0, 792, 0, 0],
          distanceMinMm: 792,
          distanceMaxMm: 792,
          sampleCount: 1,
        },
      }),
    );
    expect(decode(model, '0d4a00000000ffff000001')).toEqual(
      measuredOnce({ batteryV: 3.402, sensorFault: 'no distance probe' }),
    );
  });

  it('takes its settings as valid without telemetry', () => {
    expect(decode(model, '0d4a03160318031a031502')).toEqual(WITHOUT_TELEMETRY);
  });

  it('refuses unknown messages, pieces, what comes behind, and other ports', () => {
    const frame = '0d4a03160318031a031501';
    for (const hex of [...cutShort(frame), `${frame}01`, frame.replace(/01$/, '03')]) {
      expect(decode(model, hex)).toMatchObject({ ok: false });
    }
    expect(decode(model, frame, 42)).toMatchObject({ ok: false });
  });
});

describe('Dragino DDS04-LB', () => {
  it('reads the three probes of kept records (example in akenza’s device library)', () => {
    const hex = '4301bb0bed0bfe64ccc6a44001be0b5b0d3164ccc6c0';
    expect(decode('dds04-lb', hex, 3)).toEqual({
      ok: true,
      measurements: [
        {
          observedAtMs: MORNING_MS,
          distanceMm: 3053,
          extras: {
            distancesMm: [443, 3053, 3070],
            distanceMinMm: 443,
            distanceMaxMm: 3070,
            sampleCount: 3,
          },
        },
        {
          observedAtMs: MORNING_MS + 28_000,
          distanceMm: 2907,
          extras: {
            distancesMm: [446, 2907, 3377],
            distanceMinMm: 446,
            distanceMaxMm: 3377,
            sampleCount: 3,
          },
        },
      ],
    });
  });

  it('says its battery in a status frame', () => {
    expect(decode('dds04-lb', '23010001000d12', 5)).toEqual(measuredOnce({ batteryV: 3.346 }));
    expect(decode('ldds04', '23010001000d12', 5)).toMatchObject({ ok: false });
  });
});
