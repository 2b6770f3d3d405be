import type { Measurement } from '../../../domain/measurement.ts';
import type { ByteReader } from '../byte-reader.ts';
import { distanceFault, NO_PROBE } from './fields.ts';

/** Reads so many distances in mm, one behind the other. */
export function readDistances(reader: ByteReader, count: number): number[] {
  return Array.from({ length: count }, () => reader.uint16());
}

/**
 * The level of distances that were measured at one moment: their median or, of an even number, the
 * nearer of the two in the middle, so that it is a distance that was measured. Probes that gave none
 * do not count, and stand as 0 among the distances.
 */
export function levelOf(
  distances: readonly number[],
): Pick<Measurement, 'distanceMm' | 'sensorFault' | 'extras'> {
  const measured = distances
    .filter((distanceMm) => distanceFault(distanceMm) === undefined)
    .toSorted((a, b) => a - b);
  const [nearest] = measured;
  const middle = measured[Math.ceil(measured.length / 2) - 1];
  const furthest = measured.at(-1);
  if (nearest === undefined || middle === undefined || furthest === undefined) {
    return { sensorFault: NO_PROBE };
  }
  return {
    distanceMm: middle,
    extras: {
      distancesMm: distances.map((each) => (distanceFault(each) === undefined ? each : 0)),
      distanceMinMm: nearest,
      distanceMaxMm: furthest,
      sampleCount: measured.length,
    },
  };
}
