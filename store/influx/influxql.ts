/** Pieces of InfluxQL. Nothing else may become part of a statement. */

/** Ids of bins and devices, the only texts of others that reach a statement; see `domain/ids.ts`. */
const ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * An id as a text of InfluxQL. It is written out, not bound, because `/query` of 2.x and 3.x knows no bound parameters.
 * Throws on anything that could be more than a text.
 */
export function idText(id: string): string {
  if (!ID.test(id)) throw new TypeError(`Expected an id, got ${JSON.stringify(id.slice(0, 80))}`);
  return `'${id}'`;
}

/** A whole number that is not negative. Throws on anything else, such as `1e21`. */
export function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new TypeError(`Expected a whole number, got ${String(value)}`);
  }
  return String(value);
}

/** The last time InfluxDB knows, 2262-04-11: 64 bits of nanoseconds. */
const LAST_MS = 9_223_372_036_854;

/** A condition on the time; both ends belong to the span. */
export function timeWithin({ fromMs, toMs }: { fromMs: number; toMs: number }): string {
  const [from, to] = [fromMs, toMs].map((ms) => wholeNumber(Math.min(ms, LAST_MS - 1)));
  // Points lie between milliseconds.
  return `time >= ${from}ms AND time < ${Number(to) + 1}ms`;
}
