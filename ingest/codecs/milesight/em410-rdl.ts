import type { Alarm } from '../../../domain/measurement.ts';
import { buildMeasurement } from '../build-measurement.ts';
import { hexByte } from '../codec.ts';
import type { DecodeResult } from '../codec.ts';
import { keptAt } from '../kept.ts';
import { HISTORY_REPLIES } from './device-items.ts';
import { decodeItems, distanceFault, itemTable, NO_DISTANCE, put, skip } from './items.ts';
import type { Draft, ItemReader } from './items.ts';
import { milesightCodec } from './milesight-codec.ts';
import { putDistanceAlarm, readBattery, readPosition, readTemperature } from './telemetry-items.ts';

const BELOW_ZERO = 'distance below zero';

/** Distances are signed, and a calibration can push them below zero, where there is none. */
function signedFault(rawDistance: number): string | undefined {
  return distanceFault(rawDistance) ?? (rawDistance > 0x7fff ? BELOW_ZERO : undefined);
}

function putDistance(draft: Draft, rawDistance: number): string | undefined {
  const fault = NO_DISTANCE.has(rawDistance) ? undefined : signedFault(rawDistance);
  return fault === undefined
    ? put(draft, 'rawDistance', rawDistance)
    : put(draft, 'exception', fault);
}

const readDistance: ItemReader = (reader, draft) => putDistance(draft, reader.uint16LittleEndian());

const readDistanceAlarm: ItemReader = (reader, draft) =>
  readDistance(reader, draft, []) ?? putDistanceAlarm(draft, reader.uint8());

/** The alarm of a sudden change, with the change between the distance and the status. */
const readChangeAlarm: ItemReader = (reader, draft) => {
  const mistake = readDistance(reader, draft, []);
  reader.skip(2);
  return mistake ?? putDistanceAlarm(draft, reader.uint8());
};

/** Why the distance beside it is not to be believed; the first says that it is again. */
const EXCEPTIONS = [undefined, 'object in the blind zone', 'no target', 'sensor exception'];

const readException: ItemReader = (reader, draft) => {
  const rawDistance = reader.uint16LittleEndian();
  const code = reader.uint8();
  if (code >= EXCEPTIONS.length) return `unknown distance exception ${hexByte(code)}`;
  const exception = EXCEPTIONS[code];
  return exception === undefined
    ? putDistance(draft, rawDistance)
    : put(draft, 'exception', exception);
};

const readSignal: ItemReader = (reader, draft) =>
  put(draft, 'echoStrength', reader.int16LittleEndian() / 100);

/** Bits of a kept event. */
const THRESHOLD = 0x01;
const BLIND = 0x04;
const TILTED = 0x20;

const readHistory: ItemReader = (reader, _draft, history) => {
  const observedAtMs = reader.uint32LittleEndian() * 1000;
  const distanceMm = reader.uint16LittleEndian();
  const temperatureC = reader.int16LittleEndian() / 10;
  reader.skip(2); // sudden change
  const event = reader.uint8();
  const blind = (event & BLIND) === 0 ? undefined : EXCEPTIONS[1];
  const alarms: readonly Alarm[] = (event & THRESHOLD) === 0 ? [] : ['full'];
  const tilted = (event & TILTED) !== 0;
  const sensorFault = signedFault(distanceMm) ?? blind;
  const measurement = { distanceMm, temperatureC, tilted, alarms, sensorFault };
  history.push(keptAt(observedAtMs, buildMeasurement(measurement)));
  return undefined;
};

const readShortHistory: ItemReader = (reader, _draft, history) => {
  const observedAtMs = reader.uint32LittleEndian() * 1000;
  const distanceMm = reader.uint16LittleEndian();
  const sensorFault = signedFault(distanceMm);
  history.push(keptAt(observedAtMs, buildMeasurement({ distanceMm, sensorFault })));
  return undefined;
};

/** Replies on channel F9, and on F8 with a byte more that says whether the command was obeyed. */
const EXTENDED_REPLIES = [
  [0x0d, 3], // retransmission
  [0x12, 1], // measuring mode
  [0x13, 1], // blind zone detection
  [0x14, 2], // signal quality
  [0x15, 2], // sensitivity
  [0x16, 1], // sorting of peaks
  [0x39, 2], // collection interval
  [0xc8, 6], // password
] as const;

function tableWith(historyReader: ItemReader) {
  return itemTable(
    [
      [0x0175, readBattery],
      [0x01b9, skip(2)], // voltage, in a unit that is not documented
      [0x0367, readTemperature],
      [0x0482, readDistance],
      [0x0500, readPosition],
      [0x06c7, readSignal],
      [0x8482, readDistanceAlarm],
      [0x9482, readChangeAlarm],
      [0xb482, readException],
      [0x20ce, historyReader],
      ...EXTENDED_REPLIES.flatMap(([type, byteCount]) => [
        [0xf900 + type, skip(byteCount)] as const,
        [0xf800 + type, skip(byteCount + 1)] as const,
      ]),
    ],
    [
      ...HISTORY_REPLIES,
      [0x1b, 5], // range
      [0x2a, 1], // calibration
      [0x8e, 3], // report interval
      [0xab, 3], // calibration value
      [0xbd, 2], // time zone
    ],
  );
}

const ITEMS = tableWith(readHistory);

/** Of firmware that keeps time and distance only. */
const SHORT_HISTORY_ITEMS = tableWith(readShortHistory);

/**
 * Kept records have 11 bytes or, from other firmware, 6, and nothing says which. A frame of the one kind
 * is no sequence of items when it is read as the other.
 */
function decode(payload: Uint8Array): DecodeResult {
  const result = decodeItems(payload, ITEMS);
  if (result.ok) return result;
  const short = decodeItems(payload, SHORT_HISTORY_ITEMS);
  return short.ok ? short : result;
}

/** A radar for tanks and large containers, which keeps what could not be sent. */
export const EM410_RDL = milesightCodec('EM410-RDL', decode);
