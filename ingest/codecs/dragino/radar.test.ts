import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../../testing/decode-hex.ts';

const decode = (model: string, hex: string, fPort = 2) => decodeHex(`dragino/${model}`, hex, fPort);

describe.each(['lmds120', 'mds120-lb'])('Dragino %s', (model) => {
  it('reads battery, distance and temperature', () => {
    expect(decode(model, '0d0a07e900010501')).toEqual(
      measuredOnce({ batteryV: 3.338, distanceMm: 2025, temperatureC: 26.1 }),
    );
  });

  it.each([
    ['0d0a3fff00000001', 'invalid reading'],
    ['0d0a000000000001', 'no distance probe'],
    ['0d0affff00000001', 'no echo'],
    ['0d0a07e900000000', 'no distance probe'],
  ])('takes %s as a fault, never as a level', (hex, sensorFault) => {
    expect(decode(model, hex)).toEqual(measuredOnce({ batteryV: 3.338, sensorFault }));
  });

  it('refuses pieces, what comes behind, and other ports', () => {
    const frame = '0d0a07e900010501';
    for (const hex of [...cutShort(frame), `${frame}00`]) {
      expect(decode(model, hex)).toMatchObject({ ok: false });
    }
    expect(decode(model, frame, 42)).toMatchObject({ ok: false });
  });
});

describe('Dragino MDS120-LB', () => {
  it('reads kept records as measurements of their own time', () => {
    const observedAtMs = Date.UTC(2023, 7, 4, 9, 36, 36);
    expect(decode('mds120-lb', '0d0a07e901054064ccc6a40d0a3fff00004064ccc6a5', 3)).toEqual({
      ok: true,
      measurements: [
        { observedAtMs, batteryV: 3.338, distanceMm: 2025, temperatureC: 26.1 },
        { observedAtMs: observedAtMs + 1000, batteryV: 3.338, sensorFault: 'invalid reading' },
      ],
    });
  });

  it('says its battery in a status frame, and nothing in its settings', () => {
    expect(decode('mds120-lb', '2a010001000d12', 5)).toEqual(measuredOnce({ batteryV: 3.346 }));
    expect(decode('mds120-lb', '0004b00000000f', 4)).toEqual(WITHOUT_TELEMETRY);
  });
});

describe('Dragino LMDS120', () => {
  it('takes its status frame, which has no battery, as valid without telemetry', () => {
    expect(decode('lmds120', '010100010018', 5)).toEqual(WITHOUT_TELEMETRY);
    for (const hex of [...cutShort('010100010018'), '01010001001800', '010100010019']) {
      expect(decode('lmds120', hex, 5)).toMatchObject({ ok: false });
    }
  });
});

describe.each([
  ['lmds200', '0c'],
  ['mds200-lb', '2b'],
])('Dragino %s', (model, sensorModel) => {
  it('reads the nearer of two objects as the level, in centimetres', () => {
    expect(decode(model, '0d00007300a44e')).toEqual(
      measuredOnce({
        batteryV: 3.328,
        distanceMm: 1150,
        extras: { distancesMm: [1150, 1640] },
      }),
    );
  });

  it('leaves out an object that is none', () => {
    expect(decode(model, '0b880100250001')).toEqual(
      measuredOnce({ batteryV: 2.952, distanceMm: 2560, extras: { distancesMm: [2560, 0] } }),
    );
  });

  it.each(['0b880000000000', '0b88ffffffff00', '0b8807d1000000'])(
    'takes %s as no target, never as a level',
    (hex) => {
      expect(decode(model, hex)).toEqual(
        measuredOnce({ batteryV: 2.952, sensorFault: 'no target' }),
      );
    },
  );

  it('says its battery in a status frame, and nothing in its settings', () => {
    expect(decode(model, `${sensorModel}010001000d12`, 5)).toEqual(
      measuredOnce({ batteryV: 3.346 }),
    );
    expect(decode(model, '02bf200100000064', 4)).toEqual(WITHOUT_TELEMETRY);
  });

  it('refuses pieces, what comes behind, and other ports', () => {
    for (const hex of [...cutShort('0d00007300a44e'), '0d00007300a44e00']) {
      expect(decode(model, hex)).toMatchObject({ ok: false });
    }
    expect(decode(model, '0d00007300a44e', 42)).toMatchObject({ ok: false });
    expect(decode(model, '0d00007300a44e', 3)).toMatchObject({ ok: false });
  });
});
