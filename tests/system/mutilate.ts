import fc from 'fast-check';

type Path = readonly (string | number)[];

/** What stands where something else should. Raw JSON text, so that it can be what `JSON.stringify` would not write. */
const REPLACEMENTS: readonly string[] = [
  'null',
  'true',
  '-1',
  '1.5',
  '1e999',
  '9007199254740993',
  'NaN',
  '""',
  '"x"',
  '"\\u0000"',
  '"\\ud800"',
  `"${'A'.repeat(3_000)}"`,
  '[]',
  '{}',
  '{"__proto__":1}',
  '['.repeat(40) + ']'.repeat(40),
];

/** Stands for a place in the document while it is written, and for nothing else. */
const MARK = '@@here@@';

/** A document with each of its places replaced, left out, or named otherwise; every text differs from the others. */
export function mutilate(document: object): string[] {
  const texts = placesOf(document).flatMap((place) => [
    ...REPLACEMENTS.map((text) =>
      JSON.stringify(withPlace(document, place, MARK)).replace(`"${MARK}"`, () => text),
    ),
    JSON.stringify(withPlace(document, place, undefined)),
    JSON.stringify(withPlace(document, place, MARK)).replace(/"[^"]*":"@@here@@"/, '"odd":1'),
  ]);
  return [...new Set(texts)];
}

/** A text cut off at each of its bytes. */
export function truncate(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  return Array.from(bytes, (_, length) => bytes.subarray(0, length));
}

/** Texts with some of their bytes changed, left out, doubled or put in; the same ones for the same seed. */
export function corrupt(text: string, count: number, seed: number): Buffer[] {
  const change = fc.record({
    at: fc.nat(text.length - 1),
    byte: fc.nat(255),
    kind: fc.constantFrom('set', 'flip', 'remove', 'insert', 'double'),
  });
  const changes = fc.array(change, { minLength: 1, maxLength: 4 });
  return fc.sample(changes, { numRuns: count, seed }).map((list) =>
    list.reduce((bytes, { at, byte, kind }) => {
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
      const here = bytes.subarray(at, at + 1);
      switch (kind) {
        case 'set':
          return Buffer.concat([before, Buffer.from([byte]), after]);
        case 'flip':
          return Buffer.concat([before, here.map((old) => old ^ (1 << (byte % 8))), after]);
        case 'remove':
          return Buffer.concat([before, after]);
        case 'insert':
          return Buffer.concat([before, Buffer.from([byte]), here, after]);
        case 'double':
          return Buffer.concat([bytes, bytes.subarray(at)]);
      }
    }, Buffer.from(text)),
  );
}

function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, held]) =>
    placesOf(held, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? inside : [path, ...inside];
}

/** A copy with something else at a place; `undefined` leaves it out. */
function withPlace(document: object, path: Path, value: unknown): unknown {
  const copy: unknown = structuredClone(document);
  let holder: unknown = copy;
  for (const key of path.slice(0, -1)) holder = Reflect.get(Object(holder), key);
  const last = path.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(Object(holder), last);
  else Reflect.set(Object(holder), last, value);
  return copy;
}
