import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../../testing/decode-hex.ts';

const decode = (model: string, hex: string, fPort = 2) => decodeHex(`dragino/${model}`, hex, fPort);

const FIRST_GENERATION = ['ldds75', 'ldds45', 'ldds20'];
const SECOND_GENERATION = ['dds75-lb', 'dds45-lb', 'dds20-lb'];
const ALL = [...FIRST_GENERATION, ...SECOND_GENERATION];

/** 2023-08-04 09:36:36 UTC is 64ccc6a4. */
const MORNING_MS = Date.UTC(2023, 7, 4, 9, 36, 36);

describe.each(ALL)('Dragino %s', (model) => {
  it('reads battery, distance and temperature', () => {
    expect(decode(model, '0d0a07e900010501')).toEqual(
      measuredOnce({ batteryV: 3.338, distanceMm: 2025, temperatureC: 26.1 }),
    );
    expect(decode(model, '0d0a07e900ff3f01')).toMatchObject(measuredOnce({ temperatureC: -19.3 }));
  });

  it.each(['0000', '0ccc', 'f001', '7fff'])('takes the temperature %s as no probe', (raw) => {
    expect(decode(model, `0d0a07e900${raw}01`)).toEqual(
      measuredOnce({ batteryV: 3.338, distanceMm: 2025 }),
    );
  });

  it('reads the battery without its flags', () => {
    expect(decode(model, '8d0a07e900000001')).toMatchObject(measuredOnce({ batteryV: 3.338 }));
  });

  it.each([
    ['0d0a000000000001', 'no distance probe'],
    ['0d0a07e900000000', 'no distance probe'],
    ['0d0affff00000001', 'no echo'],
  ])('takes %s as a fault, never as a level', (hex, sensorFault) => {
    expect(decode(model, hex)).toEqual(measuredOnce({ batteryV: 3.338, sensorFault }));
  });

  it('leaves it to the geometry to judge a distance in the blind zone', () => {
    expect(decode(model, '0d02001800000001')).toEqual(
      measuredOnce({ batteryV: 3.33, distanceMm: 24 }),
    );
  });

  it('reads no other distance from a piece of a frame, and refuses what comes behind it', () => {
    const frame = '0d0a07e900010501';
    for (const hex of cutShort(frame)) {
      const result = decode(model, hex);
      if (result.ok) expect(result).toEqual(measuredOnce({ batteryV: 3.338, distanceMm: 2025 }));
    }
    expect(decode(model, `${frame}00`)).toMatchObject({ ok: false });
  });

  it.each([42, 1, 85])('refuses port %i', (fPort) => {
    expect(decode(model, '0d3b0aef00000001', fPort)).toMatchObject({ ok: false });
  });
});

describe.each(FIRST_GENERATION)('Dragino %s of old firmware', (model) => {
  it.each(['0e1c0b05', '0e1c0b0500'])('reads battery and distance of %s', (hex) => {
    expect(decode(model, hex)).toEqual(measuredOnce({ batteryV: 3.612, distanceMm: 2821 }));
  });

  it('takes the distance zero as no probe', () => {
    expect(decode(model, '0e1c000000')).toEqual(
      measuredOnce({ batteryV: 3.612, sensorFault: 'no distance probe' }),
    );
  });
});

describe.each(SECOND_GENERATION)('Dragino %s', (model) => {
  it('has no short frames', () => {
    expect(decode(model, '0e1c0b05')).toMatchObject({ ok: false });
  });

  it('reads kept records as measurements of their own time, and skips empty ones', () => {
    const records = ['0d0a07e9010543', '0d0a0000000040', '0d0affff0ccc40'];
    const times = ['64ccc6a4', '64ccc6e0', '64ccc71c'];
    const hex = records.map((record, at) => `${record}${times[at]}`).join('');
    expect(decode(model, `${hex}${'00'.repeat(11)}`, 3)).toEqual({
      ok: true,
      measurements: [
        { observedAtMs: MORNING_MS, batteryV: 3.338, distanceMm: 2025, temperatureC: 26.1 },
        {
          observedAtMs: MORNING_MS + 60_000,
          batteryV: 3.338,
          sensorFault: 'no distance probe',
        },
        { observedAtMs: MORNING_MS + 120_000, batteryV: 3.338, sensorFault: 'no echo' },
      ],
    });
  });

  it('takes a reply that nothing was kept as valid without telemetry', () => {
    expect(decode(model, '00'.repeat(11), 3)).toEqual(WITHOUT_TELEMETRY);
  });

  it('refuses half a record', () => {
    for (const hex of cutShort('0d0a07e901054364ccc6a4')) {
      expect(decode(model, hex, 3)).toMatchObject({ ok: false });
    }
  });
});

describe('status frames', () => {
  it.each([
    ['dds75-lb', '27'],
    ['dds45-lb', '28'],
    ['dds20-lb', '29'],
  ])('of a %s say its battery, and which model it is', (model, id) => {
    expect(decode(model, `${id}011001000d12`, 5)).toEqual(measuredOnce({ batteryV: 3.346 }));
    expect(decode(model, '26011001000d12', 5)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('sensor model 0x26'),
    });
    for (const hex of [...cutShort(`${id}011001000d12`), `${id}011001000d1200`]) {
      expect(decode(model, hex, 5)).toMatchObject({ ok: false });
    }
  });

  it('are not sent by the first generation', () => {
    expect(decode('ldds75', '27011001000d12', 5)).toMatchObject({ ok: false });
  });
});

describe('lists of distances of the DDS75-LB', () => {
  const head = '1d0a000000000000';
  const tail = '00010501';

  it('give their median as the level, and all of them besides', () => {
    expect(decode('dds75-lb', `${head}044c04b0000003e8ffff${tail}`)).toEqual(
      measuredOnce({
        batteryV: 3.338,
        temperatureC: 26.1,
        distanceMm: 1100,
        extras: {
          distancesMm: [1100, 1200, 0, 1000, 0],
          distanceMinMm: 1000,
          distanceMaxMm: 1200,
          sampleCount: 3,
        },
      }),
    );
  });

  it.each([`${head}0000ffff${tail}`, `${head}044c00010500`])('give no level in %s', (hex) => {
    expect(decode('dds75-lb', hex)).toMatchObject(
      measuredOnce({ batteryV: 3.338, sensorFault: 'no distance probe' }),
    );
  });

  it('have no half distances', () => {
    expect(decode('dds75-lb', `${head}044c04${tail}`)).toMatchObject({ ok: false });
  });

  it('are not sent by other models, nor without the flag', () => {
    expect(decode('dds45-lb', `${head}044c04b0${tail}`)).toMatchObject({ ok: false });
    expect(decode('dds75-lb', `0d0a000000000000044c04b0${tail}`)).toMatchObject({ ok: false });
  });

  it('come from its watch for changes without anything else', () => {
    expect(decode('dds75-lb', '044c04b003e803e7', 6)).toEqual(
      measuredOnce({
        distanceMm: 1000,
        extras: {
          distancesMm: [1100, 1200, 1000, 999],
          distanceMinMm: 999,
          distanceMaxMm: 1200,
          sampleCount: 4,
        },
      }),
    );
    expect(decode('dds75-lb', '', 6)).toMatchObject({ ok: false });
    expect(decode('dds75-lb', '044c04', 6)).toMatchObject({ ok: false });
    expect(decode('dds45-lb', '044c', 6)).toMatchObject({ ok: false });
  });
});
