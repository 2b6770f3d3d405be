import { describe, expect, test } from 'vitest';
import { readProblem } from './read-problem.ts';
import { FOREVER } from './plain-fleet.ts';

const SMALL = `NAME : X-n3
COMMENT : "made up"
TYPE : CVRP
DIMENSION : 3
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 20
NODE_COORD_SECTION
1 0 0
2\t3\t4
3 1.5 0
DEMAND_SECTION
1 0
2 12
3 8
DEPOT_SECTION
 1
 -1
EOF
this is not read
`;

/** With more before the depot's section. */
function withSections(...sections: readonly string[]): string {
  return SMALL.replace('DEPOT_SECTION', `${sections.join('\n')}\nDEPOT_SECTION`);
}

const WINDOWS = 'TIME_WINDOW_SECTION\n1 0 100\n2 10 20.25\n3 0 50';

function ways(text: string): number[] {
  return [...([...readProblem(text).matrices.values()][0]?.metres ?? [])];
}

describe('a file of VRPLIB', () => {
  test('is read in whole units, each way rounded', () => {
    expect(readProblem(SMALL)).toMatchObject({
      ...{ name: 'X-n3', units: { perSecond: 1, perMetre: 1 }, disposalSites: [], notes: [] },
      vehicles: [{ id: '1', shift: [0, FOREVER], compartments: [{ litres: 20 }] }, { id: '2' }],
      stops: [
        { id: '1', location: 1, amounts: { litres: 12, kg: 0 }, windows: [], prize: null },
        { id: '2', location: 2, amounts: { litres: 8, kg: 0 }, serviceSeconds: 0 },
      ],
    });
    // 1.5 is rounded to 2, the root of 18.25 (4.27) to 4.
    expect(ways(SMALL)).toEqual([0, 5, 2, 5, 0, 4, 2, 4, 0]);
  });

  test('is the same with colons, blanks and line endings of others', () => {
    const expected = readProblem(SMALL);
    expect(readProblem(SMALL.replaceAll(' : ', ': '))).toEqual(expected);
    expect(readProblem(SMALL.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(readProblem(SMALL.replaceAll(' ', '\t').replace('made\tup', 'made up'))).toEqual(
      expected,
    );
    expect(readProblem(SMALL.replace(' -1\n', '').replace(/EOF[^]*/, ''))).toEqual(expected);
  });

  test('with windows is read in tenths, cut off', () => {
    const text = withSections(WINDOWS).replace('CAPACITY', 'SERVICE_TIME : 1.1\nCAPACITY');
    expect(readProblem(text)).toMatchObject({
      units: { perSecond: 10, perMetre: 10 },
      vehicles: [{ shift: [0, 1000] }, {}],
      stops: [
        { windows: [[100, 202]], serviceSeconds: 11 },
        { windows: [[0, 500]], serviceSeconds: 11 },
      ],
    });
    expect(ways(text)).toEqual([0, 50, 15, 50, 0, 42, 15, 42, 0]);
  });

  test('has service times, release times and prizes by customer', () => {
    const text = withSections(
      'SERVICE_TIME_SECTION\n1 0\n2 7\n3 8',
      'RELEASE_TIME_SECTION\n1 0\n2 30\n3 0',
      'PRIZE_SECTION\n1 0\n2 21\n3 0',
    );
    expect(readProblem(text).stops).toMatchObject([
      { serviceSeconds: 7, releaseSeconds: 30, prize: 21 },
      // A prize of nothing means that it must be served.
      { serviceSeconds: 8, releaseSeconds: 0, prize: null },
    ]);
    expect(
      readProblem(`${withSections(WINDOWS, 'PRIZE_SECTION\n1 0\n2 21\n3 0')}`).stops,
    ).toMatchObject([{ prize: 210 }, { prize: null }]);
  });

  test('lets vehicles come back to the depot to reload', () => {
    const section = 'VEHICLES_RELOAD_DEPOT_SECTION\n1\t1\n2\t1';
    const { disposalSites, vehicles } = readProblem(withSections(section));
    expect(disposalSites).toEqual([
      { id: 'depot', location: 0, streams: null, serviceSeconds: 0, windows: [] },
    ]);
    expect(vehicles[0]?.maxDisposalVisits).toBeUndefined();
    const limited = withSections(section).replace('CAPACITY', 'VEHICLES_MAX_RELOADS: 2\nCAPACITY');
    expect(readProblem(limited).vehicles[0]?.maxDisposalVisits).toBe(2);
    expect(() => readProblem(withSections('VEHICLES_RELOAD_DEPOT_SECTION\n1 2'))).toThrow(
      'line 16: Only node 1 is a depot',
    );
  });

  test('takes the number of vehicles, and a longest route, service included', () => {
    const text = SMALL.replace(
      'CAPACITY',
      'VEHICLES : 1\nDISTANCE : 40\nSERVICE_TIME : 3\nCAPACITY',
    );
    expect(readProblem(text)).toMatchObject({
      vehicles: [{ shift: [0, 40] }],
      stops: [{ serviceSeconds: 3 }, { serviceSeconds: 3 }],
    });
  });

  test.each([
    ['CEIL_2D', [0, 5, 2, 5, 0, 5, 2, 5, 0]],
    ['MAN_2D', [0, 7, 2, 7, 0, 6, 2, 6, 0]],
    ['MAX_2D', [0, 4, 2, 4, 0, 4, 2, 4, 0]],
    // 5 / 3.162 = 1.58; 1.5 / 3.162 = 0.47; 4.272 / 3.162 = 1.35: each rounded up.
    ['ATT', [0, 2, 1, 2, 0, 2, 1, 2, 0]],
  ])('measures ways by %s', (type, expected) => {
    expect(ways(SMALL.replace('EUC_2D', type))).toEqual(expected);
  });

  /** 0 to 1: 12; 0 to 2: 13; 1 to 2: 23. */
  const SYMMETRIC = [0, 12, 13, 12, 0, 23, 13, 23, 0];
  test.each([
    ['FULL_MATRIX', '0 1 2\n3 0 5\n6 7\n0', [0, 1, 2, 3, 0, 5, 6, 7, 0]],
    ['UPPER_ROW', '12 13\n23', SYMMETRIC],
    ['LOWER_ROW', '12\n13 23', SYMMETRIC],
    ['UPPER_DIAG_ROW', '0 12 13\n0 23\n0', SYMMETRIC],
    ['LOWER_DIAG_ROW', '0\n12 0\n13 23 0', SYMMETRIC],
    ['UPPER_COL', '12\n13 23', SYMMETRIC],
    ['LOWER_COL', '12 13\n23', SYMMETRIC],
    ['UPPER_DIAG_COL', '0\n12 0\n13 23 0', SYMMETRIC],
    ['LOWER_DIAG_COL', '0 12 13\n0 23\n0', SYMMETRIC],
  ])('takes ways as %s, wherever its lines break', (format, weights, expected) => {
    for (const text of [weights, weights.replaceAll('\n', ' '), weights.replaceAll(' ', '\n')]) {
      expect(ways(explicit(format, text))).toEqual(expected);
    }
  });

  test('leaves matrices and the times beside them as they are', () => {
    const text = explicit('LOWER_ROW', '12 13 23').replace('DEPOT', `${WINDOWS}\nDEPOT`);
    expect(readProblem(text.replace('20.25', '20'))).toMatchObject({
      units: { perSecond: 1, perMetre: 1 },
      stops: [{ windows: [[10, 20]] }, {}],
    });
    expect(ways(text)).toEqual(SYMMETRIC);
  });

  test("reads Eilon's matrices by columns, though they say rows", () => {
    const four = explicit('LOWER_ROW', '1 2 3 4 5 6')
      .replace('DIMENSION : 3', 'DIMENSION : 4')
      .replace('3 8', '3 8\n4 1');
    expect(ways(four).slice(0, 4)).toEqual([0, 1, 2, 4]);
    expect(ways(four.replace('made up', 'Eilon et al.')).slice(0, 4)).toEqual([0, 1, 2, 3]);
  });

  test('notes a field that it does not know, and refuses a section', () => {
    expect(readProblem(SMALL.replace('CAPACITY', 'COLOUR : red\nCAPACITY')).notes).toEqual([
      'line 6: COLOUR is not known and is passed over',
    ]);
    expect(() => readProblem(withSections('BACKHAUL_SECTION\n2\n-1'))).toThrow(
      'line 15: BACKHAUL_SECTION is not known',
    );
    const limit = SMALL.replace('CAPACITY', 'VEHICLES_MAX_DURATION : 7\nCAPACITY');
    expect(() => readProblem(limit)).toThrow('line 6: VEHICLES_MAX_DURATION is not known');
  });

  test.each([
    [
      'DIMENSION : 3',
      'DIMENSION : 1e9',
      'line 4: DIMENSION is 1000000000, it must be a whole number',
    ],
    ['DIMENSION : 3', 'DIMENSION : 4', 'line 11: DEMAND_SECTION has 3 lines, 4 are expected'],
    ['DIMENSION : 3', 'DIMENSION : 2.5', 'line 4: DIMENSION is 2.5'],
    ['DIMENSION : 3', 'DIMENSION : three', 'line 4: "three" is not a number'],
    ['DIMENSION : 3', 'DIMENSION : 3\nDIMENSION : 3', 'line 5: DIMENSION is there twice'],
    ['EUC_2D', 'GEO', 'line 5: EDGE_WEIGHT_TYPE GEO is not known'],
    ['EDGE_WEIGHT_TYPE : EUC_2D\n', '', 'There is no EDGE_WEIGHT_TYPE'],
    ['CAPACITY : 20\n', '', 'There is no CAPACITY'],
    ['CAPACITY : 20', 'CAPACITY : -20', 'line 6: CAPACITY is -20'],
    ['NODE_COORD_SECTION\n', '', 'line 7: "1 0 0" is out of place'],
    ['NODE_COORD_SECTION', 'NODE_COORD_SECTION 1', 'line 7: "1" is out of place'],
    ['1 0 0', '1 0', 'line 8: 3 numbers are expected, 2 are there'],
    ['1 0 0', '2 0 0', 'line 8: 1 is expected, not 2'],
    ['1 0 0', '1 0 -', 'line 8: "-" is not a number'],
    ['2 12', '2 -12', 'line 13: A demand of -12 is not possible'],
    ['1 0\n2 12', '1 5\n2 12', 'line 12: The depot, node 1, has a demand'],
    [' 1\n -1', ' 2\n -1', 'line 16: The depot must be node 1, and the only one'],
    [' 1\n -1', ' 1\n 2\n -1', 'The depot must be node 1, and the only one'],
    ['DEMAND_SECTION\n1 0\n2 12\n3 8\n', '', 'There is no DEMAND_SECTION'],
    ['DEPOT_SECTION', 'PRIZE_SECTION\n1 0\n2 -1\n3 0\nDEPOT_SECTION', 'line 17: A prize of -1'],
    [
      'DEPOT_SECTION',
      'TIME_WINDOW_SECTION\n1 0 9\n2 9 3\n3 0 9\nDEPOT_SECTION',
      'line 17: The window from 9 to 3',
    ],
  ])('with "%s" as "%s" is refused', (from, to, reason) => {
    const text = SMALL.replace(from, to);
    expect(text).not.toBe(SMALL);
    expect(() => readProblem(text)).toThrow(reason);
  });

  test.each([
    ['LOWER_ROW', '12 13', 'line 7: EDGE_WEIGHT_SECTION has 2 numbers, 3 are expected'],
    ['LOWER_ROW', '12 13 23 1', 'EDGE_WEIGHT_SECTION has 4 numbers, 3 are expected'],
    ['LOWER_ROW', '12\n13 2.5', 'line 9: A weight is a whole number, not 2.5'],
    ['LOWER_ROW', '12\n-13 2', 'line 9: A weight is a whole number, not -13'],
    ['FUNCTION', '12 13 23', 'EDGE_WEIGHT_FORMAT FUNCTION is not known'],
  ])('with a matrix as %s of "%s" is refused', (format, weights, reason) => {
    expect(() => readProblem(explicit(format, weights))).toThrow(reason);
  });
});

function explicit(format: string, weights: string): string {
  return SMALL.replace('EUC_2D', `EXPLICIT\nEDGE_WEIGHT_FORMAT : ${format}`)
    .replace('CAPACITY : 20\n', '')
    .replace(/NODE_COORD_SECTION[^]*DEMAND/, `EDGE_WEIGHT_SECTION\n${weights}\nDEMAND`)
    .replace('DEPOT_SECTION', 'CAPACITY : 20\nDEPOT_SECTION');
}
