import { describe, expect, test } from 'vitest';
import { readProblem } from './read-problem.ts';

const HEADINGS =
  'Stop_ID\tX(feet)\tY(feet)\tEarly_St_Time (HHMM)\tLate_St_Time (HHMM)\tSvice_Time(Sec)\tLoad (Yards)\t"Stop_Type(0: Depot, 1: regular stop, 2: Landfill)"';

/** As the authors' files are: comments after numbers, tabs or blanks, zeros in front or none. */
const SMALL = [
  '280.0 \t\t\t\t// vehicle capacity (yards), real number',
  '400\t//\ttotal\tyardage\t"day,"\treal\tnumber\t\t',
  '500//stops',
  '3600\t\t// lunch time duration in second, between 11:00am and 12:00 pm',
  '40\t\t// speed: MPH',
  HEADINGS,
  '0   1000.00   2000.00  0400 1500 0  9999.00 0',
  '7\t-500.5\t2000\t\t650\t1675\t1600\t9999\t2\t\t\t',
  '2   1000.00   4640.00  0700 2400 180    12.50 1',
  '3 1000 2000 0 5 30 4 1',
  '9 1000 2001 0 2400 15 9999 2',
].join('\r\n');

function withText(from: string, to: string): string {
  const text = SMALL.replace(from, to);
  expect(text).not.toBe(SMALL);
  return text;
}

describe('an instance of Kim', () => {
  test('is read in feet and tenths of a second', () => {
    const { matrices, ...problem } = readProblem(SMALL);
    const truck = {
      ...{ profile: 'truck', start: 0, end: 0, shift: [4 * 36_000, 15 * 36_000], skills: [] },
      compartments: [{ streams: null, litres: 280, kg: Infinity }],
      costs: { fixed: 528_000, perDrivingHour: 0, perKm: 1000 },
      breaks: [{ id: 'lunch', window: [11 * 36_000, 12 * 36_000], seconds: 36_000 }],
      ...{ mustEndEmpty: true, maxStops: 500, maxDayLitres: 400 },
    };
    expect(problem).toEqual({
      ...{ name: 'waste collection', units: { perSecond: 10, perMetre: 1 } },
      locations: ['0', '7', '2', '3', '9'].map((name) => ({ name })),
      // No day needs more trucks than stops.
      vehicles: [
        { id: '1', ...truck },
        { id: '2', ...truck },
      ],
      stops: [
        {
          ...{ id: '2', location: 2, stream: 'waste', amounts: { litres: 12.5, kg: 0 } },
          ...{
            serviceSeconds: 1800,
            windows: [[7 * 36_000, 24 * 36_000]],
            skills: [],
            prize: null,
          },
        },
        {
          ...{ id: '3', location: 3, stream: 'waste', amounts: { litres: 4, kg: 0 } },
          // "5" is five minutes past midnight.
          ...{ serviceSeconds: 300, windows: [[0, 3000]], skills: [], prize: null },
        },
      ],
      disposalSites: [
        {
          ...{ id: '7', location: 1, streams: null, serviceSeconds: 16_000 },
          // "650" has no zero in front, and the minutes of "1675" go on into the next hour.
          windows: [[(6 * 60 + 50) * 600, (17 * 60 + 15) * 600]],
        },
        { id: '9', location: 4, streams: null, serviceSeconds: 150, windows: [[0, 24 * 36_000]] },
      ],
    });
    const matrix = matrices.get('truck');
    // Along the axes: 1500.5 ft is rounded, and half a mile takes 45 s at 40 mph.
    expect([...(matrix?.metres.slice(0, 5) ?? [])]).toEqual([0, 1501, 2640, 0, 1]);
    expect([...(matrix?.seconds.slice(0, 5) ?? [])]).toEqual([0, 256, 450, 0, 0]);
  });

  test('is the same with other line endings and blanks', () => {
    const expected = readProblem(SMALL);
    expect(readProblem(SMALL.replaceAll('\r\n', '\n'))).toEqual(expected);
    expect(readProblem(SMALL.replaceAll('\r\n', ' \t\r\n\r\n'))).toEqual(expected);
    expect(readProblem(SMALL.replaceAll(/ {2,}/g, '\t'))).toEqual(expected);
  });

  test.each([
    ['280.0 ', 'big ', 'line 1: "big" is not a number'],
    ['280.0 ', '0 ', 'line 1: the capacity of a vehicle is 0'],
    ['280.0 ', '', 'line 1: the capacity of a vehicle is missing'],
    ['500//', '500.5//', 'A whole number is expected'],
    ['40\t\t', '-40\t\t', 'line 5: the speed is -40'],
    ['0400 1500', '0400 0300', 'line 7: The window from 400 to 300 ends before it begins'],
    ['0400 1500', '04:00 1500', 'line 7: "04:00" is not a number'],
    ['0400 1500', '0400 9900', 'line 7: 9900 is no time of the day as HHMM'],
    ['0400 1500', '0400 1500.5', 'line 7: 1500.5 is no time of the day as HHMM'],
    ['180    12.50 1', '180    12.50 3', 'line 9: A stop has no type 3'],
    ['180    12.50 1', '180    12.50', 'line 9: 8 numbers are expected, 7 are there'],
    ['180    12.50 1', '180    12.50 1 1', 'line 9: 8 numbers are expected, 9 are there'],
    ['180    12.50 1', '180    -1 1', 'line 9: A load of -1 is not possible'],
    ['180    12.50 1', '-180    1 1', 'line 9: A service time of -180 is not possible'],
    ['3 1000', '2 1000', 'line 10: Stop 2 is there twice'],
    ['0   1000.00   2000.00  0400 1500 0  9999.00 0', '0 1 1 0 1 0 9999 1', 'There is no depot'],
    ['3 1000 2000 0 5 30 4 1', '3 1 1 0 5 0 4 0', 'line 10: There is more than one depot'],
  ])('with "%s" as "%s" is refused', (from, to, reason) => {
    const text = withText(from, to);
    expect(() => readProblem(text)).toThrow(reason);
  });

  test('without its headings is none', () => {
    expect(() => readProblem(SMALL.replace(HEADINGS, 'id x y'))).toThrow('none of the known forms');
    expect(() => readProblem(`${HEADINGS}\n${SMALL}`)).toThrow('line 1: "Stop_ID" is not a number');
  });

  test('without stops or landfills is refused', () => {
    const lines = SMALL.split('\r\n');
    const without = (type: string): string =>
      lines.filter((line, index) => index < 6 || line.trimEnd().at(-1) !== type).join('\n');
    expect(() => readProblem(without('1'))).toThrow('There are no stops (type 1)');
    expect(() => readProblem(without('2'))).toThrow('There is no landfill (type 2)');
  });
});
