import { z } from 'zod';
import { parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';
import type { Measurement } from '../../domain/measurement.ts';
import { buildMeasurement } from '../codecs/build-measurement.ts';
import { checkShape } from '../envelopes/check-shape.ts';
import type { EnvelopeReader, JsonMessage, Message } from '../envelopes/message.ts';
import { parseRfc3339 } from '../envelopes/rfc3339.ts';
import { refuse } from '../envelopes/uplink.ts';
import type { ReadResult } from '../envelopes/uplink.ts';
import type { QuarantineReason } from '../quarantine-reason.ts';

/** The door that everything out of files comes through, unless a recording names its own. */
export const IMPORT_DOOR = 'import';

/** Why a row is no reading: the reasons that a table can give. */
const ROW_PROBLEMS = [
  'wrong-type',
  'bad-encoding',
  'bad-id',
  'clock',
  'no-level',
  'no-identity',
  'not-json',
] as const satisfies readonly QuarantineReason[];
export type RowProblem = (typeof ROW_PROBLEMS)[number];

/** What a row was read as, by the format and the options of its import. */
const RowReading = z.strictObject({
  deviceId: z.string(),
  /** RFC 3339. */
  observedAt: z.string(),
  fillPercent: z.number().optional(),
  distanceMm: z.number().optional(),
  temperatureC: z.number().optional(),
  batteryPercent: z.number().optional(),
  batteryV: z.number().optional(),
});

/**
 * A row of a file as ingest gets it: the row itself, word for word, beside what it was read as. So the number on the screen
 * leads back to the row, and a row that could not be read is kept with the reason.
 */
const ImportedRow = z.strictObject({
  format: z.string(),
  /** Cells by their heading, or the text of a row that could not be split. */
  row: z.union([z.record(z.string(), z.string()), z.string()]),
  read: RowReading.optional(),
  problem: z.strictObject({ reason: z.enum(ROW_PROBLEMS), detail: z.string() }).optional(),
});

/** A row that was understood. */
export interface ReadRow {
  readonly deviceId: DeviceId;
  readonly observedAtMs: number;
  /** Values only: the time is the row's. */
  readonly measurement: Omit<Measurement, 'observedAtMs'>;
}

type RawRow = z.output<typeof ImportedRow>['row'];

/** The message that a row becomes. */
export interface RowMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
}

export function writeReadRow(format: string, row: RawRow, read: ReadRow): RowMessage {
  const { deviceId, observedAtMs, measurement } = read;
  const observedAt = new Date(observedAtMs).toISOString();
  return {
    topic: `${IMPORT_DOOR}/${format}/${deviceId}`,
    payload: toBytes({ format, row, read: { deviceId, observedAt, ...measurement } }),
  };
}

/** The detail names the line, so that whoever finds the row in the quarantine finds it in the file. */
export function writeBadRow(
  format: string,
  row: RawRow,
  problem: { readonly reason: RowProblem; readonly detail: string },
  deviceId?: DeviceId,
): RowMessage {
  const topic = `${IMPORT_DOOR}/${format}${deviceId === undefined ? '' : `/${deviceId}`}`;
  return { topic, payload: toBytes({ format, row, problem }) };
}

function toBytes(document: z.input<typeof ImportedRow>): Uint8Array {
  // Half a character cannot be stored as text; the parser of messages refuses it.
  return Buffer.from(JSON.stringify(document, (_, value: unknown) => wellFormed(value)));
}

function wellFormed(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** The device in the topic `import/{format}/{deviceId}`, if any. */
export function importedDevice({ topic }: Pick<Message, 'topic'>): DeviceId | undefined {
  return parseDeviceId(topic.split('/')[2] ?? '');
}

/** Topics of messages that are not rows, but what a network server once told. */
export const DTU_TOPIC = 'dtu-uplink';

/** Reads what {@link writeReadRow} and {@link writeBadRow} write. */
export const IMPORTED_ROW: EnvelopeReader = {
  content: 'json',
  ownsTopic: (levels) => levels[0] === IMPORT_DOOR && levels[1] !== DTU_TOPIC,
  findTopicDevice: importedDevice,
  read: (message) => notFromTheFuture(message, readImportedRow(message)),
};

/** As far as a clock may be ahead. */
const MAX_AHEAD_MS = 10 * 60_000;

/**
 * Refuses what was observed after it arrived. A live device with such a clock is believed but for its time; of a row
 * the time is all there is, and it would become the present.
 */
export function notFromTheFuture({ receivedAtMs }: Message, result: ReadResult): ReadResult {
  if (!result.ok || receivedAtMs === undefined) return result;
  const { observedAtMs = 0, deviceId } = result.uplink;
  if (observedAtMs <= receivedAtMs + MAX_AHEAD_MS) return result;
  const time = new Date(observedAtMs).toISOString();
  return refuse('clock', `${time} was not yet when this was imported`, deviceId);
}

function readImportedRow(message: JsonMessage): ReadResult {
  const { document } = message;
  const topicDevice = importedDevice(message);
  const shape = checkShape(ImportedRow, document, topicDevice);
  if (!shape.ok) return shape;
  const { read, problem } = shape.value;
  if (problem !== undefined) return refuse(problem.reason, problem.detail, topicDevice);
  if (read === undefined) return refuse('wrong-type', 'read: is missing', topicDevice);
  const { observedAt, deviceId: claimed, ...values } = read;
  const deviceId = parseDeviceId(claimed);
  if (deviceId === undefined) return refuse('bad-id', `deviceId: "${claimed}"`);
  if (topicDevice !== deviceId) {
    return refuse('device-mismatch', `the topic says ${topicDevice}, the row ${deviceId}`);
  }
  const observedAtMs = parseRfc3339(observedAt);
  if (observedAtMs === undefined) return refuse('clock', `observedAt: "${observedAt}"`, deviceId);
  const measurement = buildMeasurement(values);
  const isStatus = Object.keys(measurement).length === 0;
  return {
    ok: true,
    uplink: {
      envelope: 'imported-row',
      kind: isStatus ? 'status' : 'reading',
      deviceId,
      // Device, time and row: a row that stands there twice is one.
      identity: undefined,
      observedAtMs,
      fPort: undefined,
      payload: undefined,
      modelHint: undefined,
      measurements: isStatus ? [] : [measurement],
    },
  };
}
