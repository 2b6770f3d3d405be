import { z } from 'zod';
import { NO_WAY } from '../problem/matrix.ts';
import { FormatError } from './format-error.ts';
import { shorten } from './lines.ts';
import { MOST_PLACES } from './plane.ts';

/** Longer than any round: a little over two years. */
export const MOST_SECONDS = 1 << 26;

/** More vehicles or stops than a plan of one day can have. */
export const MOST_THINGS = 10_000;

/** Reads parsed JSON by a schema. @throws FormatError that names the place. */
export function readShape<Shape>(schema: z.ZodType<Shape>, json: unknown): Shape {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.map(String).join('.') || 'the file';
  throw new FormatError(`${shorten(place)}: ${issue?.message ?? 'wrong'}`);
}

/**
 * A matrix of a file as one array; `null` and whatever is as great as `NO_WAY` stand for "there is no way".
 * @throws FormatError unless it has `size` rows of `size` numbers.
 */
export function flattenMatrix(
  rows: readonly (readonly (number | null)[])[],
  size: number,
  where: string,
): Int32Array {
  if (size > MOST_PLACES) throw new FormatError(`${where}: more than ${MOST_PLACES} places`);
  const bad = rows.findIndex((row) => row.length !== size);
  if (rows.length !== size || bad !== -1) {
    const row = bad === -1 || rows.length !== size ? '' : `.${bad}`;
    throw new FormatError(`${where}${row}: ${size} rows of ${size} numbers are expected`);
  }
  const flat = new Int32Array(size * size);
  rows.forEach((row, from) => {
    row.forEach((value, to) => {
      flat[from * size + to] = Math.min(Math.round(value ?? NO_WAY), NO_WAY);
    });
  });
  return flat;
}

/** The schemas of a window, and of the windows of a stop, by the schema of their times. */
export function windowShapes(time: z.ZodType<number>) {
  const one = z
    .tuple([time, time])
    .refine(([from, until]) => from <= until, 'ends before it begins');
  const many = z.array(one).max(100).refine(areApart, 'must be in order and apart from each other');
  return { one, many };
}

function areApart(windows: readonly (readonly [number, number])[]): boolean {
  return windows.every((window, i) => i === 0 || window[0] > (windows[i - 1]?.[1] ?? -1));
}

export function assertUnique(
  what: string,
  things: readonly { readonly id: string | number }[],
): void {
  const seen = new Set<string | number>();
  things.forEach(({ id }, index) => {
    if (seen.has(id))
      throw new FormatError(`${what}.${index}.id: ${shorten(String(id))} is there twice`);
    seen.add(id);
  });
}
