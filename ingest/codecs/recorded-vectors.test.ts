import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findImpossible, hasLevel } from '../../domain/measurement.ts';
import type { Measurement } from '../../domain/measurement.ts';
import { deviceId } from '../../domain/testing/test-ids.ts';
import { decodeUplink } from '../decode-uplink.ts';
import type { Uplink } from '../envelopes/uplink.ts';
import { readTestData } from '../testing/test-data.ts';
import type { Codec } from './codec.ts';
import { codecForAlias, CODECS } from './registry.ts';

const FILE = 'sensor-vectors.json';

/** Values as the file names them; what is null the frame does not say. */
const Canonical = z.strictObject({
  /** A list where a sensor has several probes. */
  distanceMm: z.union([z.number(), z.tuple([z.number()], z.number())]).nullish(),
  fillPercent: z.number().nullish(),
  temperatureC: z.number().nullish(),
  batteryPercent: z.number().nullish(),
  batteryV: z.number().nullish(),
  /** Empty space, from which the fill follows; the file has both. */
  remainingPercent: z.number().optional(),
  tilt: z.boolean().optional(),
  tiltAlarm: z.boolean().optional(),
  fullAlarm: z.boolean().optional(),
  distanceAlarm: z.boolean().optional(),
  fireAlarm: z.boolean().optional(),
  temperatureAlarm: z.boolean().optional(),
  lowBattery: z.boolean().optional(),
  /** false: the sensor says that it measured nothing. */
  valid: z.boolean().optional(),
  distanceMinMm: z.number().optional(),
  distanceMaxMm: z.number().optional(),
  samples: z.number().optional(),
  tiltDeg: z.number().optional(),
  humidityPct: z.number().optional(),
  lat: z.number().optional(),
  lon: z.number().optional(),
  deviceCounter: z.number().optional(),
  signal: z.number().optional(),
  sensorTempC: z.number().optional(),
  csq: z.number().optional(),
});
type Canonical = z.output<typeof Canonical>;

const Vector = z.object({
  id: z.string(),
  vendor: z.string(),
  model: z.string(),
  fPort: z.int().nullable(),
  bytesHex: z.string(),
  trust: z.string(),
  kind: z.string(),
  canonical: z.unknown().optional(),
  note: z.string().nullish(),
});
type Vector = z.output<typeof Vector>;

const data = readTestData(FILE);
const all = z.array(Vector).parse(data ?? []);
const good = all.filter(({ trust }) => trust === 'good');

/** What the file adds to a model's name to tell rows apart. */
const REMARK = / (\+ akenza fill calc|\(negative temperature\))$/;

/** Rows whose fill was computed from a geometry, which no codec knows. */
const FROM_GEOMETRY = new Set(['v118', 'v129']);
/** Rows whose temperature the source has rounded to whole degrees; the frame has tenths. */
const ROUNDED_TEMPERATURE = new Set(['v138']);
/** Rows that raise an alarm which the file has no name for. */
const OTHER_ALARMS: Readonly<Record<string, readonly string[]>> = { v049: ['moved'] };

function bytesOf({ bytesHex }: Vector): Uint8Array {
  return new Uint8Array(Buffer.from(bytesHex, 'hex'));
}

function codecOf({ vendor, model }: Vector): Codec {
  const codec = codecForAlias(`${vendor}/${model.replace(REMARK, '')}`);
  if (codec === undefined) throw new Error(`no codec is known as ${vendor}/${model}`);
  return codec;
}

function withoutEmpty<T extends object>(values: T): Partial<T> {
  // Safe: only entries are left out.
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<T>;
}

/** What a codec must give for the canonical values. */
function expectedMeasurement(id: string, canonical: Canonical): object {
  const { distanceMm, fillPercent, temperatureC, batteryPercent, batteryV } = canonical;
  const extras: object = {
    ...withoutEmpty({
      distancesMm: Array.isArray(distanceMm) ? distanceMm : undefined,
      distanceMinMm: canonical.distanceMinMm,
      distanceMaxMm: canonical.distanceMaxMm,
      sampleCount: canonical.samples,
      tiltDegrees: canonical.tiltDeg,
      humidityPercent: canonical.humidityPct,
      latitude: closeTo(canonical.lat),
      longitude: closeTo(canonical.lon),
      deviceCounter: canonical.deviceCounter,
      echoStrength: canonical.signal,
      sensorTemperatureC: canonical.sensorTempC,
      csq: canonical.csq,
    }),
  };
  return withoutEmpty({
    distanceMm: closeTo(Array.isArray(distanceMm) ? distanceMm[0] : distanceMm),
    fillPercent: FROM_GEOMETRY.has(id) ? undefined : fillPercent,
    temperatureC: closeTo(temperatureC, ROUNDED_TEMPERATURE.has(id) ? 0 : 2),
    batteryPercent,
    batteryV: closeTo(batteryV),
    tilted: canonical.tilt ?? canonical.tiltAlarm,
    sensorFault: canonical.valid === false ? expect.any(String) : undefined,
    extras: Object.keys(extras).length > 0 ? expect.objectContaining(extras) : undefined,
  });
}

/** The file has rounded what is a fraction on the wire. */
function closeTo(value: number | null | undefined, digits = 2): unknown {
  if (value === null || value === undefined) return undefined;
  return Number.isInteger(value) && digits > 0 ? value : expect.closeTo(value, digits);
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
  it('are all there', () => {
    expect(good.length).toBeGreaterThanOrEqual(122);
    expect(new Set(good.map(({ vendor }) => vendor)).size).toBeGreaterThanOrEqual(17);
  });

  const readable = good.filter(({ kind }) => kind !== 'error');
  it.each(readable)('$id $vendor $model: $bytesHex gives its values', (vector) => {
    const canonical = Canonical.parse(vector.canonical ?? {});
    const result = codecOf(vector).decode(bytesOf(vector), vector.fPort ?? undefined);
    if (!result.ok) throw new Error(result.reason);
    const [first] = result.measurements;
    expect(first ?? {}).toMatchObject(expectedMeasurement(vector.id, canonical));
    expect(first?.alarms ?? []).toEqual(OTHER_ALARMS[vector.id] ?? expectedAlarms(canonical));
    const saysDistance = typeof (canonical.distanceMm ?? undefined) !== 'undefined';
    if (!saysDistance) expect(first?.distanceMm).toBeUndefined();
    if (vector.kind !== 'telemetry' && !saysDistance) {
      expect(result.measurements.some(hasLevel)).toBe(false);
    }
  });

  const errors = good.filter(({ kind }) => kind === 'error');
  it.each(errors)('$id $vendor $model: $bytesHex on port $fPort is no level', (vector) => {
    const result = codecOf(vector).decode(bytesOf(vector), vector.fPort ?? undefined);
    if (result.ok) expect(result.measurements.some(hasLevel)).toBe(false);
    else expect(result.reason).not.toBe('');
  });
});

/** An uplink with these bytes, as an envelope hands it over. */
function uplinkOf(payload: Uint8Array, fPort: number | undefined): Uplink {
  return {
    envelope: 'ttn-v3',
    kind: 'reading',
    deviceId: deviceId('70b3d57ed0000001'),
    identity: undefined,
    observedAtMs: undefined,
    fPort,
    payload,
    modelHint: undefined,
    measurements: undefined,
  };
}

/** Nothing that is taken for a measurement may be absurd, whatever the bytes were. */
function expectBelievable(payload: Uint8Array, fPort: number | undefined, codec: Codec): void {
  const result = decodeUplink(uplinkOf(payload, fPort), codec.model);
  for (const measurement of result.ok ? result.measurements : []) {
    expect(findImpossible(measurement)).toBeUndefined();
    expectNumbers(measurement);
    if (measurement.sensorFault !== undefined) expect(hasLevel(measurement)).toBe(false);
  }
}

function expectNumbers({ extras, ...measurement }: Measurement): void {
  for (const value of [...Object.values(measurement), ...Object.values(extras ?? {})]) {
    if (typeof value === 'number') expect(value).toSatisfy(Number.isFinite);
  }
}

describe.skipIf(data === undefined)(`every codec (SKIPPED without ${FILE})`, () => {
  // Frames of one maker are often nearly frames of another: what is read of them must be possible at least.
  it.each(CODECS)('$name believes nothing absurd of the frames of others', (codec) => {
    for (const vector of all) {
      for (const fPort of new Set([vector.fPort ?? undefined, 1, 2, 3, 5, 6, 85, 100])) {
        expectBelievable(bytesOf(vector), fPort, codec);
      }
    }
  });

  it.each(CODECS)('$name believes nothing absurd of damaged frames', (codec) => {
    const own = all.filter(
      ({ vendor, model }) => codecForAlias(`${vendor}/${model}`)?.maker === codec.maker,
    );
    const frame = fc.constantFrom(...(own.length > 0 ? own : all));
    const damage = fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(frame, damage, fc.nat(60), (vector, changes, length) => {
        const bytes = bytesOf(vector).slice(0, length);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        expectBelievable(bytes, vector.fPort ?? undefined, codec);
      }),
      { numRuns: 300 },
    );
  });
});
