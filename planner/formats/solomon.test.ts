import { describe, expect, test } from 'vitest';
import { FOREVER } from './plain-fleet.ts';
import { readProblem } from './read-problem.ts';

const SMALL = `small

VEHICLE
NUMBER     CAPACITY
  2         50.5

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      40         50          0          0       1236          0
    1      45         68         10        912        967         90
    2      43         54       12.5          0       1.5e9          0
`;

function withLine(from: string, to: string): string {
  const text = SMALL.replace(from, to);
  expect(text).not.toBe(SMALL);
  return text;
}

describe('a file of Solomon', () => {
  test('is read in tenths, cut off', () => {
    const problem = readProblem(SMALL.replace('1.5e9', '99999999'));
    const [matrix] = problem.matrices.values();
    expect(problem).toMatchObject({
      ...{ name: 'small', units: { perSecond: 10, perMetre: 10 }, disposalSites: [], notes: [] },
      locations: [{ name: '0' }, { name: '1' }, { name: '2' }],
      vehicles: [
        {
          ...{ id: '1', start: 0, end: 0, shift: [0, 12_360], breaks: [], skills: [] },
          compartments: [{ streams: null, litres: 50.5, kg: Infinity }],
          costs: { fixed: 0, perDrivingHour: 0, perKm: 1000 },
        },
        { id: '2' },
      ],
      stops: [
        {
          ...{ id: '1', location: 1, amounts: { litres: 10, kg: 0 }, prize: null },
          ...{ serviceSeconds: 900, windows: [[9120, 9670]] },
        },
        { id: '2', location: 2, amounts: { litres: 12.5, kg: 0 }, windows: [[0, FOREVER]] },
      ],
    });
    // From (40, 50) to (45, 68): the root of 349 is 18.681; to (43, 54) it is 5.
    expect([...(matrix?.metres ?? [])]).toEqual([0, 186, 50, 186, 0, 141, 50, 141, 0]);
    expect(matrix?.seconds).toEqual(matrix?.metres);
  });

  test.each([
    ['Windows', (text: string) => text.replaceAll('\n', '\r\n')],
    ['old Macs', (text: string) => text.replaceAll('\n', '\r')],
    ['tabs', (text: string) => text.replaceAll(/ +/g, '\t')],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['blank lines', (text: string) => text.replaceAll('\n', '\n\n  \n')],
    ['no end of the last line', (text: string) => text.trimEnd()],
  ])('is the same with %s', (_, change) => {
    const text = SMALL.replace('1.5e9', '1000');
    expect({ ...readProblem(change(text)), name: '' }).toEqual({ ...readProblem(text), name: '' });
  });

  test('needs no more vehicles than customers', () => {
    const text = withLine('  2         50.5', '1000000000 50').replace('1.5e9', '1000');
    expect(readProblem(text).vehicles).toHaveLength(2);
  });

  test.each([
    ['  2         50.5', '  0 50', 'line 5: 0 vehicles are not possible'],
    ['  2         50.5', '  1.5 50', 'line 5: 1.5 vehicles are not possible'],
    ['  2         50.5', '  2 0', 'line 5: A capacity of 0 is not possible'],
    ['  2         50.5', '  2', 'line 5: 2 numbers are expected, 1 are there'],
    ['  2         50.5', '  two 50', 'line 5: "two" is not a number'],
    [
      '912        967',
      '968        967',
      'line 11: The window from 968 to 967 ends before it begins',
    ],
    ['912        967', '-1        967', 'line 11: A beginning of -1 is not possible'],
    ['912        967', '912', 'line 11: 7 numbers are expected, 6 are there'],
    ['912        967', '912 967 3', 'line 11: 7 numbers are expected, 8 are there'],
    ['912        967', '0x10 967', 'line 11: "0x10" is not a number'],
    ['912        967', '912, 967', 'line 11: "912," is not a number'],
    ['967         90', '967   -90', 'line 11: A service time of -90 is not possible'],
    ['68         10', '68         -10', 'line 11: A demand of -10 is not possible'],
    ['    1      45', '  1.5      45', 'line 11: 1.5 is no customer'],
    ['    2      43', '    1      43', 'line 12: Customer 1 is there twice'],
    ['    0      40', '    7      40', 'line 10: The depot, number 0, must come first'],
    ['    1      45', 'x   1      45', 'line 11: "x" is not a number'],
    ['CUST NO.', 'CLIENT', 'line 8: "CLIENT'],
    ['    2      43', '    2      9e8', 'The places are too far from each other'],
    ['    2      43', '    2      9e11', 'line 12: 9e11 is too great'],
  ])('with "%s" as "%s" is refused', (from, to, reason) => {
    const text = withLine(from, to);
    expect(() => readProblem(text.replace('1.5e9', '1000'))).toThrow(reason);
  });

  test('without customers is refused', () => {
    const text = SMALL.split('\n').slice(0, 10).join('\n');
    expect(() => readProblem(text)).toThrow('line 5: There are no customers');
    expect(() => readProblem(SMALL.split('\n').slice(0, 4).join('\n'))).toThrow('line 4');
  });
});
