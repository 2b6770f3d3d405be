import { createHash } from 'node:crypto';
import type { InfluxPoint } from '../influx/influx-point.ts';

/** So many points, and a number that every one of them has a part in, in whatever order they come. */
export interface Checksum {
  readonly points: number;
  /** Hexadecimal. */
  readonly sum: string;
}

const MODULUS = 2n ** 64n;
const NANOSECOND_DIGITS = 6;

/**
 * What a point comes to: its time to the millisecond, because that is what every version gives back exactly; its tags and its
 * fields, sorted by name.
 */
export function digestPoint({ measurement, tags, fields, timestampNs }: InfluxPoint): bigint {
  const sorted = (values: object) => Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  const timeMs = timestampNs.slice(0, -NANOSECOND_DIGITS);
  const text = JSON.stringify([measurement, timeMs, sorted(tags), sorted(fields)]);
  return createHash('sha256').update(text).digest().readBigUInt64BE(0);
}

export function checksumOf(digests: Iterable<bigint>): Checksum {
  let points = 0;
  let sum = 0n;
  for (const digest of digests) {
    points += 1;
    sum = (sum + digest) % MODULUS;
  }
  return { points, sum: sum.toString(16).padStart(16, '0') };
}

/** The part of `there` that is asked for, each as often as it is asked for at most: what else is there is somebody else's. */
export function checksumOfCommon(asked: readonly bigint[], there: readonly bigint[]): Checksum {
  const left = new Map<bigint, number>();
  for (const digest of there) left.set(digest, (left.get(digest) ?? 0) + 1);
  return checksumOf(
    asked.filter((digest) => {
      const count = left.get(digest) ?? 0;
      if (count > 0) left.set(digest, count - 1);
      return count > 0;
    }),
  );
}
