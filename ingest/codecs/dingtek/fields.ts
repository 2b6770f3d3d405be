import type { Alarm } from '../../../domain/measurement.ts';
import type { ByteReader } from '../byte-reader.ts';
import { believablePosition } from '../position.ts';
import type { Position } from '../position.ts';

/**
 * Distances that stand for "no echo": 9999 is in the maker's own DF701 example, and lies beyond the
 * 5 m that these sensors can measure; 65535 is all bits set.
 */
const NO_ECHO = new Set([9999, 0xffff]);

/** The distance in mm, and the fault when it is none. */
export function readDistance(reader: ByteReader): { distanceMm: number; sensorFault?: string } {
  const distanceMm = reader.uint16();
  return NO_ECHO.has(distanceMm) ? { distanceMm, sensorFault: 'no echo' } : { distanceMm };
}

/** Longitude before latitude, and least significant byte first, unlike all else in the frame. */
export function readPosition(reader: ByteReader): Position | undefined {
  const longitude = reader.float32LittleEndian();
  const latitude = reader.float32LittleEndian();
  return believablePosition(latitude, longitude);
}

/** What the four halves of the two flag bytes mean; `undefined` is left unread. */
export type FlagMeanings = readonly [
  Alarm | undefined,
  Alarm | undefined,
  Alarm | undefined,
  Alarm | undefined,
];

/** Each half of a byte is one flag. */
export function readFlags(reader: ByteReader, meanings: FlagMeanings): Alarm[] {
  const first = reader.uint8();
  const second = reader.uint8();
  const halves = [first >> 4, first & 0x0f, second >> 4, second & 0x0f];
  return meanings.flatMap((alarm, at) => (alarm === undefined || halves[at] === 0 ? [] : [alarm]));
}
