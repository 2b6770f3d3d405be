import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Measurement } from '../../domain/measurement.ts';
import { readTestData } from '../testing/test-data.ts';
import { decodeUplink } from '../decode-uplink.ts';
import type { Uplink } from '../envelopes/uplink.ts';
import { deviceId } from '../../domain/testing/test-ids.ts';
import { codecForAlias, CODECS } from './registry.ts';

const FILE = 'sensor-vectors.json';

const Vector = z.object({
  id: z.string(),
  vendor: z.string(),
  model: z.string(),
  fPort: z.int().nullable(),
  bytesHex: z.string(),
  trust: z.string(),
  canonical: z
    .object({
      distanceMm: z.number().nullish(),
      fillPercent: z.number().nullish(),
      temperatureC: z.number().nullish(),
      batteryPercent: z.number().nullish(),
      batteryV: z.number().nullish(),
      tilt: z.boolean().optional(),
      tiltAlarm: z.boolean().optional(),
      fullAlarm: z.boolean().optional(),
      distanceAlarm: z.boolean().optional(),
      fireAlarm: z.boolean().optional(),
      temperatureAlarm: z.boolean().optional(),
      lowBattery: z.boolean().optional(),
    })
    .optional(),
});
type Canonical = NonNullable<z.output<typeof Vector>['canonical']>;

const Head = z.looseObject({ model: z.string(), trust: z.string() });

const FRAME: Uplink = {
  envelope: 'ttn-v3',
  kind: 'reading',
  deviceId: deviceId('70b3d57ed0000001'),
  identity: undefined,
  observedAtMs: undefined,
  fPort: undefined,
  payload: undefined,
  modelHint: undefined,
  measurements: undefined,
};

const data = readTestData(FILE);
/** Other models' values have other shapes, so they are left out before they are read. */
const vectors = z
  .array(Head)
  .parse(data ?? [])
  .filter(({ model, trust }) => trust === 'good' && codecForAlias(model) !== undefined)
  .map((vector) => Vector.parse(vector));

/** Frames of models that Tunna does not read. */
const strangers = z
  .array(
    z.looseObject({
      id: z.string(),
      vendor: z.string(),
      model: z.string(),
      fPort: z.int().nullable(),
      bytesHex: z.string(),
    }),
  )
  .parse(data ?? [])
  .filter(({ model }) => codecForAlias(model) === undefined);

/** The longest distance that any of these sensors is built for. */
const LONGEST_DISTANCE_MM = 10_000;

/** What a codec must give for the canonical values. */
function expectedMeasurement(canonical: Canonical): Partial<Measurement> {
  const { distanceMm, fillPercent, temperatureC, batteryPercent, batteryV } = canonical;
  const tilted = canonical.tilt ?? canonical.tiltAlarm;
  const values = { distanceMm, fillPercent, temperatureC, batteryPercent, batteryV, tilted };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function expectedAlarms(canonical: Canonical): string[] {
  const said = {
    full: canonical.fullAlarm ?? canonical.distanceAlarm,
    fire: canonical.fireAlarm,
    tilt: canonical.tiltAlarm,
    'low-battery': canonical.lowBattery,
    temperature: canonical.temperatureAlarm,
  };
  return Object.entries(said).flatMap(([alarm, on]) => (on === true ? [alarm] : []));
}

describe.skipIf(data === undefined)(`recorded frames (SKIPPED without ${FILE})`, () => {
  it('hold every model that has a codec', () => {
    expect(new Set(vectors.map((vector) => vector.model)).size).toBe(7);
    expect(vectors.length).toBeGreaterThanOrEqual(22);
  });

  it.each(vectors)('$id $vendor $model: $bytesHex', ({ model, fPort, bytesHex, canonical }) => {
    const result = codecForAlias(model)?.decode(
      new Uint8Array(Buffer.from(bytesHex, 'hex')),
      fPort ?? undefined,
    );
    const expected = expectedMeasurement(canonical ?? {});
    const levels = Object.keys(expected).length;
    expect(result).toMatchObject({ ok: true, measurements: levels === 0 ? [] : [expected] });
    const measurement = result?.ok === true ? result.measurements[0] : undefined;
    expect(measurement?.alarms ?? []).toEqual(expectedAlarms(canonical ?? {}));
  });

  it.each(strangers)('$id of a $vendor $model is refused, and the model named', (row) => {
    const modelHint = `${row.vendor}/${row.model}`.toLowerCase();
    const payload = new Uint8Array(Buffer.from(row.bytesHex, 'hex'));
    const uplink = { ...FRAME, fPort: row.fPort ?? undefined, payload, modelHint };
    expect(decodeUplink(uplink, null)).toMatchObject({
      ok: false,
      reason: 'no-codec',
      detail: expect.stringContaining(modelHint),
    });
    expect(decodeUplink(uplink, row.model)).toMatchObject({ reason: 'no-codec' });
  });

  it.each(strangers)('$id of a $vendor $model gives no absurd level to any codec', (row) => {
    const payload = new Uint8Array(Buffer.from(row.bytesHex, 'hex'));
    for (const codec of CODECS) {
      for (const fPort of [row.fPort ?? undefined, 3, 6, 7, 85]) {
        const result = decodeUplink({ ...FRAME, fPort, payload }, codec.model);
        const measured = result.ok ? result.measurements : [];
        // Siblings of one maker share layouts; what is read then is what their own decoders read.
        for (const { distanceMm } of measured) {
          if (distanceMm !== undefined) expect(distanceMm).toBeLessThan(LONGEST_DISTANCE_MM);
        }
      }
    }
  });
});
