import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Problem } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';
import { readProblem } from './read-problem.ts';

/** One small file of every form. */
const FILES = {
  solomon: `small\nVEHICLE\nNUMBER CAPACITY\n2 50\nCUSTOMER\nCUST NO. X\n0 4 5 0 0 12 0\n1 4 6 10 9 96 90\n2 4 5 12 0 9 0\n`,
  kim: `280 // cap\n400 // day\n500 // stops\n3600 // lunch\n40 // mph\nStop_ID Stop_Type\n0 10 20 0400 1500 0 9999 0\n7 -5.5 20 650 1675 16 9999 2\n2 10 46 0700 2400 180 12.50 1\n`,
  vrplib: `NAME : n3\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 20\nVEHICLES : 2\nSERVICE_TIME : 1\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 1.5 0\nDEMAND_SECTION\n1 0\n2 12\n3 8\nTIME_WINDOW_SECTION\n1 0 100\n2 10 20\n3 0 50\nPRIZE_SECTION\n1 0\n2 4\n3 5\nDEPOT_SECTION\n1\n-1\nEOF\n`,
  explicit: `DIMENSION : 3\nEDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : LOWER_ROW\nCAPACITY : 20\nEDGE_WEIGHT_SECTION\n12\n13 23\nDEMAND_SECTION\n1 0\n2 12\n3 8\nEOF\n`,
  vroom: JSON.stringify({
    vehicles: [
      {
        ...{ id: 1, start: [2, 48], start_index: 0, end_index: 1, capacity: [4], skills: [1] },
        ...{ time_window: [0, 900], breaks: [{ id: 1, time_windows: [[1, 2]] }] },
      },
    ],
    jobs: [{ id: 5, location_index: 1, pickup: [1], time_windows: [[0, 9]], priority: 3 }],
    matrices: {
      car: {
        durations: [
          [0, 6],
          [7, 0],
        ],
      },
    },
  }),
  tunna: JSON.stringify({
    locations: [{}, { lat: 5, lng: 6 }],
    matrices: {
      truck: {
        seconds: [
          [0, 6],
          [null, 0],
        ],
        metres: [
          [0, 5],
          [null, 0],
        ],
      },
    },
    vehicles: [
      {
        ...{ id: 'v', start: 0, end: null, shift: [1, 9], compartments: [{ litres: 5 }] },
        ...{ breaks: [{ id: 'b', window: [1, 2], seconds: 3 }], maxStops: 4, speedFactor: 1.5 },
      },
    ],
    stops: [{ id: 'a', location: 1, litres: 5, windows: [[1, 2]], prize: 4 }],
    disposalSites: [{ id: 't', location: 0 }],
  }),
};

/** What numbers are replaced by. */
const NASTY = [
  ...['-1', '0', '1e9', '1000000000', '99999999999999999999', '1e999', 'NaN', 'Infinity', '0x10'],
  ...['', '-', '.', '1.5', '1e-9', 'null', '"1"', '[]', '{}', '\u0000', '1_000', '٣', '-0'],
];

/** Changes one place of a text. */
const MUTATION: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.tuple(fc.nat(), fc.constantFrom(...NASTY)).map(([pick, nasty]) => (text: string) => {
    const numbers = [...text.matchAll(/-?\d+(\.\d+)?/g)];
    const number = numbers[pick % Math.max(1, numbers.length)];
    if (number === undefined) return text;
    return text.slice(0, number.index) + nasty + text.slice(number.index + number[0].length);
  }),
  fc.tuple(fc.nat(), fc.nat({ max: 20 })).map(([pick, length]) => (text: string) => {
    const at = pick % (text.length + 1);
    return text.slice(0, at) + text.slice(at + length);
  }),
  fc
    .tuple(fc.nat(), fc.string({ maxLength: 5, unit: 'binary' }))
    .map(([pick, more]) => (text: string) => {
      const at = pick % (text.length + 1);
      return text.slice(0, at) + more + text.slice(at);
    }),
  fc.tuple(fc.nat(), fc.nat()).map(([from, to]) => (text: string) => {
    const lines = text.split('\n');
    const line = lines[from % lines.length] ?? '';
    return lines.toSpliced(to % lines.length, 0, line).join('\n');
  }),
  fc.nat().map((pick) => (text: string) => {
    const lines = text.split('\n');
    return lines.toSpliced(pick % lines.length, 1).join('\n');
  }),
  fc.nat().map((pick) => (text: string) => text.slice(0, pick % (text.length + 1))),
);

/** Whatever was read makes sense: every index has a place, every number is one. */
function assertSound({ locations, matrices, vehicles, stops, disposalSites }: Problem): void {
  const places = [
    ...vehicles.flatMap(({ start, end }) => [start, end]).filter((place) => place !== null),
    ...[...stops, ...disposalSites].map(({ location }) => location),
  ];
  for (const place of places) expect(locations[place]).toBeDefined();
  for (const { size, seconds, metres } of matrices.values()) {
    expect(size).toBe(locations.length);
    for (const way of [...seconds, ...metres]) expect(way).toBeGreaterThanOrEqual(0);
  }
  for (const { shift, compartments, profile } of vehicles) {
    expect(matrices.has(profile)).toBe(true);
    assertWindow(shift);
    for (const { litres, kg } of compartments) expect(litres >= 0 && kg >= 0).toBe(true);
  }
  for (const { windows, serviceSeconds, amounts, prize } of stops) {
    for (const window of windows) assertWindow(window);
    expect(Number.isInteger(serviceSeconds) && serviceSeconds >= 0).toBe(true);
    expect(amounts.litres >= 0 && amounts.kg >= 0 && (prize ?? 0) >= 0).toBe(true);
  }
}

function assertWindow([from, until]: readonly [number, number]): void {
  expect(Number.isInteger(from) && Number.isInteger(until) && from <= until && from >= 0).toBe(
    true,
  );
}

/** Reads it, or says what is wrong with it. Any other failure is one of ours. */
function readOrRefuse(text: string): void {
  let problem: Problem;
  try {
    problem = readProblem(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    expect(error.message).not.toBe('');
    return;
  }
  assertSound(problem);
}

test.each(Object.entries(FILES))('%s: what is sound is read', (_, text) => {
  assertSound(readProblem(text));
});

test.each(Object.entries(FILES))(
  '%s: mutilated files are refused with a reason, or make sense',
  (_, text) => {
    fc.assert(
      fc.property(fc.array(MUTATION, { minLength: 1, maxLength: 3 }), (mutations) => {
        readOrRefuse(mutations.reduce((mutant, mutate) => mutate(mutant), text));
      }),
      { numRuns: 1000 },
    );
  },
);

test('any text at all is refused with a reason', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), readOrRefuse));
  fc.assert(fc.property(fc.json(), readOrRefuse));
});

/** Each would take more memory than there is, or run for hours, if it were believed. */
const GREEDY: readonly (readonly [string, string])[] = [
  ['a dimension of a billion', FILES.vrplib.replace('DIMENSION : 3', 'DIMENSION : 1e9')],
  ['a matrix of a million places', FILES.explicit.replace('DIMENSION : 3', 'DIMENSION : 1000000')],
  ['a dimension without its numbers', FILES.explicit.replace('DIMENSION : 3', 'DIMENSION : 9999')],
  ['deep brackets', '['.repeat(1_000_000)],
  ['deep objects', '{"a":'.repeat(1_000_000)],
  ['a million lines of nothing', `${'\n'.repeat(1_000_000)}DIMENSION`],
  ['a million blanks', `${' '.repeat(1_000_000)}NUMBER`],
  ['a number of a million digits', FILES.solomon.replace('50', '9'.repeat(1_000_000))],
  ['twenty thousand customers', FILES.solomon + customers(20_000)],
];

function customers(count: number): string {
  return Array.from({ length: count }, (_, index) => `${index + 3} 1 1 1 0 9 0`).join('\n');
}

test.each(GREEDY)('%s is refused, and costs little', (_, text) => {
  expect(() => readProblem(text)).toThrow(FormatError);
});
