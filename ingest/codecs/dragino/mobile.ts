import type { Measurement } from '../../../domain/measurement.ts';
import { aliasesOf } from '../aliases.ts';
import { buildMeasurement } from '../build-measurement.ts';
import { ByteReader } from '../byte-reader.ts';
import { hexByte, refuse, refusePort } from '../codec.ts';
import type { Codec, DecodeResult } from '../codec.ts';
import { keptAt } from '../kept.ts';
import { believablePosition } from '../position.ts';
import { readTime } from './datalog.ts';
import { DATA_PORT } from './dragino-codec.ts';
import { distanceFault } from './fields.ts';

/** A mobile frame is told from others by its length alone: a head, and records of the past behind it. */
interface Form {
  readonly headBytes: number;
  readonly hasRecords: boolean;
  /** Reads the head, which is there. */
  readonly readHead: (reader: ByteReader) => Head;
}

interface Head {
  readonly measurement: Measurement;
  readonly batteryV: number;
  readonly csq: number;
}

const RECORD_BYTES = 6;

/** "Not known or not detectable" (3GPP TS 27.007, 8.5). */
const NO_CSQ = 99;
const HIGHEST_CSQ = 31;

/** With less or more no such device can send, so what says so is another frame of the same length. */
const LOWEST_V = 1.8;
const HIGHEST_V = 5;

function levelOf(distanceMm: number) {
  return { distanceMm, sensorFault: distanceFault(distanceMm) };
}

/** Signal, and how to say it: a signal that is not known stays out. */
function signalOf(csq: number): number | undefined {
  return csq === NO_CSQ ? undefined : csq;
}

/** Id (6), version (2), battery, signal, distance, interrupt: without a time of its own. */
const FIRST_FORM: Form = {
  headBytes: 14,
  hasRecords: false,
  readHead(reader) {
    reader.skip(8);
    const batteryV = reader.uint16() / 1000;
    const csq = reader.uint8();
    const level = levelOf(reader.uint16());
    const extras = { csq: signalOf(csq) };
    return { csq, batteryV, measurement: buildMeasurement({ ...level, batteryV, extras }) };
  },
};

/** What came to the head over the years, or is in that of some models only. */
interface Parts {
  /** The subscriber's number, behind the device's. */
  readonly subscriberBytes?: number;
  /** The level of the pin that woke the device, behind whether it did. */
  readonly pinLevelBytes?: number;
  readonly hasPosition?: true;
}

/** The forms since: id (8), version (2), battery, signal, mode, interrupt, distance, time. */
function datedForm({ subscriberBytes = 0, pinLevelBytes = 0, hasPosition }: Parts): Form {
  const positionBytes = hasPosition ? 12 : 0;
  return {
    headBytes: 21 + subscriberBytes + pinLevelBytes + positionBytes,
    hasRecords: true,
    readHead(reader) {
      reader.skip(10 + subscriberBytes);
      const batteryV = reader.uint16() / 1000;
      const csq = reader.uint8();
      reader.skip(2 + pinLevelBytes);
      const level = levelOf(reader.uint16());
      const observedAtMs = readTime(reader);
      const position = hasPosition ? readPosition(reader) : undefined;
      const extras = { csq: signalOf(csq), ...position };
      const measurement = buildMeasurement({ ...level, observedAtMs, batteryV, extras });
      return { csq, batteryV, measurement };
    },
  };
}

function readPosition(reader: ByteReader) {
  const latitude = reader.int32() / 1e6;
  const longitude = reader.int32() / 1e6;
  reader.skip(4); // when the position was found
  return believablePosition(latitude, longitude);
}

const DATED_FORM = datedForm({});
const PIN_LEVEL_FORM = datedForm({ pinLevelBytes: 1 });
const SUBSCRIBER_FORM = datedForm({ pinLevelBytes: 1, subscriberBytes: 8 });
const POSITION_FORM = datedForm({ pinLevelBytes: 1, subscriberBytes: 8, hasPosition: true });

/** Distance and time of measurements before; those that were never made have no time. */
function readRecords(reader: ByteReader): Measurement[] {
  const records: Measurement[] = [];
  while (reader.remaining > 0) {
    const level = levelOf(reader.uint16());
    const observedAtMs = readTime(reader);
    if (observedAtMs !== 0) records.push(keptAt(observedAtMs, buildMeasurement(level)));
  }
  return records;
}

function fits({ headBytes, hasRecords }: Form, byteCount: number): boolean {
  const rest = byteCount - headBytes;
  return rest === 0 || (hasRecords && rest > 0 && rest % RECORD_BYTES === 0);
}

function decode(payload: Uint8Array, forms: readonly Form[]): DecodeResult {
  const form = forms.find((each) => fits(each, payload.length));
  if (form === undefined) {
    const heads = forms.map(({ headBytes }) => headBytes).join(' or ');
    return refuse(`a frame has ${heads} bytes and whole records, not ${payload.length}`);
  }
  const reader = new ByteReader(payload.subarray(0, form.headBytes));
  const { csq, batteryV, measurement } = form.readHead(reader);
  if (csq > HIGHEST_CSQ && csq !== NO_CSQ) return refuse(`unknown signal quality ${hexByte(csq)}`);
  if (batteryV < LOWEST_V || batteryV > HIGHEST_V) {
    return refuse(`a battery of ${batteryV} V could not send a frame`);
  }
  const records = readRecords(new ByteReader(payload.subarray(form.headBytes)));
  return { ok: true, measurements: [measurement, ...records] };
}

interface Model {
  readonly name: string;
  readonly evidence: Codec['evidence'];
  readonly otherNames?: readonly string[];
  readonly forms: readonly Form[];
}

function mobileCodec({ name, evidence, otherNames = [], forms }: Model): Codec {
  const id = name.toLowerCase();
  return {
    model: `dragino/${id}`,
    name: `Dragino ${name}`,
    maker: 'Dragino',
    source: `${name} user manual, "Uplink Payload"; dragino/dragino-end-node-decoder Datacake-Dragino_NB`,
    evidence,
    aliases: aliasesOf(['dragino'], [id, ...otherNames]),
    // A mobile network has no ports; some servers put the LoRaWAN models' in their place.
    decode: (payload, fPort) =>
      fPort === undefined || fPort === DATA_PORT
        ? decode(payload, forms)
        : refusePort(fPort, `none, or fPort ${DATA_PORT}`),
  };
}

/** Ultrasonic sensors over NB-IoT and LTE-M, in the binary form that they send by UDP, TCP or MQTT. */
export const MOBILE_CODECS: readonly Codec[] = [
  mobileCodec({
    name: 'NDDS75',
    evidence: 'vectors',
    // The last two are names in a collection of recorded frames.
    otherNames: ['ndds75-nb-iot', 'ndds75-nb-iot-udp-14-bytes'],
    forms: [FIRST_FORM, DATED_FORM],
  }),
  ...['DDS75-NB', 'DDS45-NB', 'DDS20-NB'].map((name) =>
    mobileCodec({ name, evidence: 'layout', forms: [DATED_FORM, PIN_LEVEL_FORM, SUBSCRIBER_FORM] }),
  ),
  mobileCodec({ name: 'DDS75-CB', evidence: 'layout', forms: [POSITION_FORM] }),
];
