import type { Quality } from '../../domain/quality.ts';

/** A bin and a span of time; both ends belong to it. */
export interface LevelSpan {
  readonly binId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Fill percent within one bucket of time. */
export interface SeriesBucket {
  /** Start of the bucket; for a raw reading, when it was observed. */
  readonly atMs: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly count: number;
  /** Set for raw readings that SQL has. */
  readonly readingId: number | null;
  /** Set for raw readings. */
  readonly quality: Quality | null;
}

/**
 * Where levels are read from. Every store gives the same answers to the same readings: only believable levels count
 * (`LOWEST_LEVEL_QUALITY`), and buckets begin at multiples of their length since 1970.
 */
export interface LevelSource {
  /** Readings by themselves, newest first. */
  readRaw(span: LevelSpan, limit: number): Promise<SeriesBucket[]>;
  /** Readings in buckets, newest first. A bucket that only partly lies in the span counts what lies in it. */
  readBuckets(span: LevelSpan, resolutionSeconds: number, limit: number): Promise<SeriesBucket[]>;
}

/**
 * Puts buckets of one resolution together that come from different places, newest first; those of one time become one.
 */
export function joinBuckets(parts: readonly (readonly SeriesBucket[])[]): SeriesBucket[] {
  const joined = new Map<number, SeriesBucket>();
  for (const bucket of parts.flat()) {
    const other = joined.get(bucket.atMs);
    joined.set(bucket.atMs, other === undefined ? bucket : addBuckets(other, bucket));
  }
  return [...joined.values()].sort((a, b) => b.atMs - a.atMs);
}

function addBuckets(a: SeriesBucket, b: SeriesBucket): SeriesBucket {
  const count = a.count + b.count;
  const { min, max } = { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
  const mean = clampMean((a.mean * a.count + b.mean * b.count) / count, min, max);
  return { atMs: a.atMs, min, mean, max, count, readingId: null, quality: null };
}

/** The mean of equal numbers may come out a hair beside them. */
export function clampMean(mean: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, mean));
}
