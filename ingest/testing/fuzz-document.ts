import fc from 'fast-check';
import { expect } from 'vitest';
import type { ReadResult } from '../envelopes/uplink.ts';
import { QUARANTINE_REASONS } from '../quarantine-reason.ts';

/** Whatever cannot be read is refused by name, in words that can be stored and shown. */
export function expectNamedReason(result: ReadResult): void {
  if (result.ok) return;
  expect(Object.keys(QUARANTINE_REASONS)).toContain(result.reason);
  expect(result.detail).not.toBe('');
  expect(result.detail.length).toBeLessThanOrEqual(200);
  expect(result.detail).not.toMatch(/\p{Cc}/u);
}

/**
 * Throws any JSON at a reader, and its own documents with one field each replaced by something else. It must neither throw nor
 * refuse without a name.
 */
export function fuzzDocuments(
  read: (document: unknown) => ReadResult,
  documents: readonly (object | string)[],
): void {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (document) => expectNamedReason(read(document))),
  );
  const cases = documents.flatMap((document) =>
    fieldPaths(document).map((path) => [document, path] as const),
  );
  if (cases.length > 0) {
    fc.assert(
      fc.property(fc.constantFrom(...cases), oddValue, ([document, path], value) =>
        expectNamedReason(read(replaceField(document, path, value))),
      ),
      { numRuns: 300 },
    );
  }
}

const oddValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(1e308, -1e308, 1e15, -1, 0, 2 ** 53, '', '__proto__', '\u0000', []),
);

/** Paths of all fields of a document, inner and outer; of lists too. */
export function fieldPaths(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, held]) => [
    [key],
    ...fieldPaths(held).map((path) => [key, ...path]),
  ]);
}

/** The document with another value at a path. */
export function replaceField(
  document: unknown,
  [key, ...rest]: readonly string[],
  value: unknown,
): unknown {
  if (key === undefined) return value;
  if (typeof document !== 'object' || document === null) return document;
  const inner = (name: string, held: unknown): unknown =>
    name === key ? replaceField(held, rest, value) : held;
  if (Array.isArray(document)) return document.map((held, at) => inner(String(at), held));
  return Object.fromEntries(
    Object.entries(document).map(([name, held]) => [name, inner(name, held)]),
  );
}
