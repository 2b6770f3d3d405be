import type { Alarm } from '../../../domain/measurement.ts';
import { hexByte } from '../codec.ts';
import { put } from './items.ts';
import type { Draft, ItemReader } from './items.ts';

/** Readers of items that several models have, on channels of their own. */

export const readBattery: ItemReader = (reader, draft) =>
  put(draft, 'batteryPercent', reader.uint8());

export const readTemperature: ItemReader = (reader, draft) =>
  put(draft, 'temperatureC', reader.int16LittleEndian() / 10);

export const readDistance: ItemReader = (reader, draft) =>
  put(draft, 'rawDistance', reader.uint16LittleEndian());

export const readPosition: ItemReader = (reader, draft) => {
  const position = reader.uint8();
  if (position > 1) return `position ${hexByte(position)} is neither 0 nor 1`;
  return put(draft, 'tilted', position === 1);
};

/** A threshold that was passed (1) or is no longer (0). */
export function putAlarm(draft: Draft, alarm: Alarm, status: number): string | undefined {
  if (status !== 0 && status !== 1) return `alarm status ${hexByte(status)} is neither 0 nor 1`;
  draft.alarms ??= [];
  if (status === 1 && !draft.alarms.includes(alarm)) draft.alarms.push(alarm);
  return undefined;
}

/** Beside a threshold, a sudden change: no alarm that says anything of the bin. */
const SUDDEN_CHANGE = 2;

/** The alarm of a distance: of its threshold, which is what these sensors call a full bin, or of a sudden change. */
export function putDistanceAlarm(draft: Draft, status: number): string | undefined {
  return putAlarm(draft, 'full', status === SUDDEN_CHANGE ? 0 : status);
}

export const readTemperatureAlarm: ItemReader = (reader, draft) =>
  readTemperature(reader, draft, []) ?? putAlarm(draft, 'temperature', reader.uint8());

/** The threshold of the distance is what these sensors call a full bin (FF 06 with type 2, "bin mode"). */
export const readDistanceAlarm: ItemReader = (reader, draft) =>
  readDistance(reader, draft, []) ?? putAlarm(draft, 'full', reader.uint8());
