import type { InfluxPoint } from '../influx/influx-point.ts';
import type { InfluxTarget } from '../influx/influx-target.ts';
import { checksumOf, checksumOfCommon, digestPoint } from './checksum.ts';
import type { Checksum } from './checksum.ts';
import type { PointSource, TimeSpan } from './point-source.ts';

/** How far a copy is; what was verified need not be looked at again. */
export interface CopyProgress {
  /** Everything observed before this is copied and verified. */
  readonly doneBeforeMs: number;
  readonly points: number;
}

/** A span that does not read back as it was written. */
export class CopyMismatch extends Error {
  constructor({ fromMs, toMs }: TimeSpan, wanted: Checksum, found: Checksum) {
    const span = `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
    super(
      `of ${wanted.points} points from ${span} (checksum ${wanted.sum}) ` +
        `${found.points} read back as they were (checksum ${found.sum})`,
    );
    this.name = 'CopyMismatch';
  }
}

export interface CopyOptions {
  readonly source: PointSource;
  readonly target: Pick<InfluxTarget, 'write'>;
  /** The same place as the target, to read back what was written. */
  readonly back: Pick<PointSource, 'read'>;
  /** Where an earlier run has ended. */
  readonly resume?: CopyProgress | undefined;
  /** Called after each verified span, and waited for. */
  readonly onSpan: (progress: CopyProgress, whole: TimeSpan) => void | Promise<void>;
  /** More than this many points of a span are copied in halves. */
  readonly pointsPerSpan?: number;
}

const DAY_MS = 24 * 3_600_000;
const POINTS_PER_SPAN = 20_000;
const POINTS_PER_REQUEST = 5_000;
/** Points of one instant cannot be told apart by time. */
const SHORTEST_SPAN_MS = 1;

/**
 * Copies all points, the oldest first, a day at a time: reads a span, writes it, reads it back, compares number and checksum.
 * Writing the same point twice changes nothing, so a copy that was ended anywhere begins again with the span it was at.
 * @returns how many points there were in all
 */
export async function copyPoints(options: CopyOptions): Promise<number> {
  const { source, onSpan } = options;
  const whole = await source.bounds();
  let points = options.resume?.points ?? 0;
  if (whole === undefined) return points;
  let fromMs = Math.max(whole.fromMs, options.resume?.doneBeforeMs ?? 0);
  while (fromMs <= whole.toMs) {
    const toMs = Math.min(whole.toMs, fromMs - (fromMs % DAY_MS) + DAY_MS - 1);
    for (const span of await divide(options, { fromMs, toMs })) {
      points += await copySpan(options, span);
      await onSpan({ doneBeforeMs: span.toMs + 1, points }, whole);
    }
    fromMs = toMs + 1;
  }
  return points;
}

async function divide(options: CopyOptions, span: TimeSpan): Promise<TimeSpan[]> {
  const { source, pointsPerSpan = POINTS_PER_SPAN } = options;
  const { fromMs, toMs } = span;
  const count = await source.count(span);
  if (count <= pointsPerSpan || toMs - fromMs < SHORTEST_SPAN_MS) return [span];
  const middleMs = fromMs + Math.floor((toMs - fromMs) / 2);
  return [
    ...(await divide(options, { fromMs, toMs: middleMs })),
    ...(await divide(options, { fromMs: middleMs + 1, toMs })),
  ];
}

async function copySpan({ source, target, back }: CopyOptions, span: TimeSpan): Promise<number> {
  const points = await source.read(span);
  if (points.length === 0) return 0;
  await writeAll(target, points);
  const asked = points.map(digestPoint);
  const wanted = checksumOf(asked);
  const found = checksumOfCommon(asked, (await back.read(span)).map(digestPoint));
  if (found.points !== wanted.points || found.sum !== wanted.sum) {
    throw new CopyMismatch(span, wanted, found);
  }
  return points.length;
}

async function writeAll(
  target: Pick<InfluxTarget, 'write'>,
  points: readonly InfluxPoint[],
): Promise<void> {
  for (let start = 0; start < points.length; start += POINTS_PER_REQUEST) {
    await target.write(points.slice(start, start + POINTS_PER_REQUEST));
  }
}
