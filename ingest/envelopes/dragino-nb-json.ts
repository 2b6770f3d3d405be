import { z } from 'zod';
import { parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';
import type { Measurement } from '../../domain/measurement.ts';
import { distanceFault } from '../codecs/dragino/fields.ts';
import type { LengthUnit, Source } from '../sources/source.ts';
import { checkShape } from './check-shape.ts';
import { hasKeys } from './message.ts';
import type { EnvelopeReader, JsonMessage } from './message.ts';
import { readMapped } from './read-mapped.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { toMillimetres } from './scale-values.ts';
import { refuse } from './uplink.ts';
import type { ReadResult } from './uplink.ts';
import { parseZoneless } from './zoneless-time.ts';

/** Clocks that the network has not set yet say 2000; history under such a time could stand anywhere. */
const FIRST_SET_MS = Date.UTC(2020, 0, 1);

/** History entries are numbered, newest first. */
const MAX_ENTRIES = 64;

const Document = z.looseObject({
  IMEI: z.string(),
  Model: z.string(),
  /** V */
  battery: z.number().nullish(),
  /** CSQ, 0 to 31; 99 is unknown (3GPP TS 27.007, 8.5). */
  signal: z.number().nullish(),
  time: z.string().nullish(),
  DS18B20_Temp: z.number().nullish(),
  distance: z.number().nullish(),
});
type Document = z.output<typeof Document>;

/** What the external thermometer says when there is none. */
const NO_PROBE: readonly number[] = [327.6, -409.5, 0];

/** Models whose frames have the distance in mm, so that their JSON has it in mm too. Others need a mapping. */
const MILLIMETRE_MODEL = /^N?(?:DDS|MDS)\d/i;

/** "Invalid Reading" of the MDS models, as in their frames. */
const INVALID_READING = 0x3fff;

/** Dragino's NB-IoT and LTE-M sensors as JSON over MQTT. */
export const DRAGINO_NB_JSON: EnvelopeReader = {
  content: 'json',
  fits: (document) => hasKeys(document, 'IMEI', 'Model', 'battery', 'signal'),
  read: readDraginoNb,
};

function readDraginoNb({ document, source }: JsonMessage): ReadResult {
  const shape = checkShape(Document, document);
  if (!shape.ok) return shape;
  const message = shape.value;
  const deviceId = parseDeviceId(message.IMEI);
  if (deviceId === undefined) return refuse('bad-id', `IMEI: ${message.IMEI}`);
  const now = readNow(message, source, deviceId);
  if (!('values' in now)) return now;
  const observedAtMs = parseTime(message.time ?? '', source);
  const history = readHistory(message, source, now.unit);
  const current = { ...(observedAtMs !== undefined && { observedAtMs }), ...now.values };
  return {
    ok: true,
    uplink: {
      envelope: 'dragino-nb-json',
      kind: 'reading',
      deviceId,
      identity: undefined,
      observedAtMs,
      fPort: undefined,
      payload: undefined,
      modelHint: undefined,
      measurements: [...history, current],
    },
  };
}

/** What was measured for this message, and the unit of its distance. */
function readNow(
  message: Document,
  source: Source | undefined,
  deviceId: DeviceId,
): { readonly values: Measurement; readonly unit: LengthUnit | undefined } | ReadResult {
  const common = readCommon(message);
  const mapping = source?.decoded;
  if (mapping !== undefined) {
    const mapped = readMapped(message, mapping);
    if (!mapped.ok) return refuse('wrong-type', mapped.problem, deviceId);
    return { values: { ...common, ...mapped.measurement }, unit: mapping.distance?.unit };
  }
  const { Model, distance } = message;
  if (distance === undefined || distance === null) {
    return refuse('no-level', `${Model}: there is no distance`, deviceId);
  }
  if (!MILLIMETRE_MODEL.test(Model)) {
    const detail = `${Model}: no "decoded" says in which unit the distance is`;
    return refuse('no-mapping', detail, deviceId);
  }
  return { values: { ...common, ...toLevel(distance, Model) }, unit: 'mm' };
}

/** A distance, or what one of the numbers that stand for "none" means. */
function toLevel(distanceMm: number, model: string): Measurement {
  const isInvalid = distanceMm === INVALID_READING && /MDS/i.test(model);
  const sensorFault = isInvalid ? 'invalid reading' : distanceFault(distanceMm);
  return sensorFault === undefined ? { distanceMm } : { sensorFault };
}

function readCommon({ battery, signal, DS18B20_Temp: probe }: Document): Measurement {
  const hasProbe = typeof probe === 'number' && !NO_PROBE.includes(probe);
  const hasSignal = typeof signal === 'number' && signal >= 0 && signal <= 31;
  return {
    ...(typeof battery === 'number' && { batteryV: battery }),
    ...(hasProbe && { temperatureC: probe }),
    ...(hasSignal && { extras: { csq: signal } }),
  };
}

/**
 * What was measured since the message before, oldest first: `"1": [1752, "2026-03-01T06:00:00Z"]`. Only entries of one number
 * and a time are read: of several numbers the order is not documented.
 */
function readHistory(
  message: Document,
  source: Source | undefined,
  unit: LengthUnit | undefined,
): readonly Measurement[] {
  if (unit === undefined) return [];
  const Entry = z.tuple([z.number(), z.string()]);
  const entries: Measurement[] = [];
  for (let number = 1; number <= MAX_ENTRIES; number++) {
    const entry = Entry.safeParse(message[String(number)]);
    if (!entry.success) continue;
    const [distance, time] = entry.data;
    const observedAtMs = parseTime(time, source);
    if (observedAtMs === undefined || observedAtMs < FIRST_SET_MS) continue;
    const level = toLevel(toMillimetres(distance, unit), message.Model);
    entries.push({ observedAtMs, ...level });
  }
  return entries.reverse();
}

/** Older firmware writes `2024/11/16 08:16:32`, and does not say in which zone. */
function parseTime(text: string, source: Source | undefined): number | undefined {
  return parseRfc3339(text) ?? parseZoneless(text, source?.timeZone);
}
