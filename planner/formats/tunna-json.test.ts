import { describe, expect, test } from 'vitest';
import { NO_WAY } from '../problem/matrix.ts';
import { FormatError } from './format-error.ts';
import { readProblem } from './read-problem.ts';

/** The least file that can be read, with more. */
function file(more: object = {}): object {
  return {
    locations: [{}, { name: 'Quay', lat: 59.2, lng: 17.6 }],
    matrices: {
      truck: {
        seconds: [
          [0, 60],
          [null, 0],
        ],
        metres: [
          [0, 500],
          [null, 0],
        ],
      },
    },
    vehicles: [{ id: 'v1', start: 0, end: null, compartments: [{}] }],
    stops: [{ id: 'a', location: 1 }],
    ...more,
  };
}

function read(more: object = {}) {
  return readProblem(JSON.stringify(file(more)));
}

const vehicle = (more: object): object => ({
  vehicles: [{ id: 'v1', start: 0, end: 0, compartments: [{}], ...more }],
});
const stop = (more: object): object => ({ stops: [{ id: 'a', location: 1, ...more }] });
const site = (more: object): object => ({ disposalSites: [{ id: 'tip', location: 1, ...more }] });

describe('our own problem file', () => {
  test('has defaults for all that may be left out', () => {
    expect(read()).toEqual({
      ...{ name: 'unnamed', units: { perSecond: 1, perMetre: 1 }, disposalSites: [] },
      locations: [{}, { name: 'Quay', position: { lat: 59.2, lng: 17.6 } }],
      matrices: new Map([
        [
          'truck',
          {
            size: 2,
            seconds: Int32Array.from([0, 60, NO_WAY, 0]),
            metres: Int32Array.from([0, 500, NO_WAY, 0]),
          },
        ],
      ]),
      vehicles: [
        {
          ...{ id: 'v1', profile: 'truck', start: 0, end: null, shift: [0, 2 ** 26] },
          compartments: [{ streams: null, litres: Infinity, kg: Infinity }],
          ...{ skills: [], breaks: [], mustEndEmpty: false },
          costs: { fixed: 0, perDrivingHour: 0, perKm: 1 },
        },
      ],
      stops: [
        {
          ...{ id: 'a', location: 1, stream: 'residual', amounts: { litres: 0, kg: 0 } },
          ...{ serviceSeconds: 0, windows: [], skills: [], prize: null },
        },
      ],
    });
  });

  test('keeps every field as it is', () => {
    const truck = {
      ...{ id: 'v1', profile: 'truck', start: 0, end: 1, shift: [100, 900], skills: ['crane'] },
      compartments: [{ streams: ['paper'], litres: 10.5, kg: 20 }],
      costs: { fixed: 1, perDrivingHour: 2, perKm: 3 },
      breaks: [{ id: 'lunch', window: [200, 300], seconds: 60 }],
      ...{ mustEndEmpty: true, maxStops: 9, maxDrivingSeconds: 99, maxMetres: 999 },
      ...{ maxDrivingBetweenBreaksSeconds: 50, maxDayLitres: 77.5, maxDisposalVisits: 0 },
      ...{ firstStops: ['a'], speedFactor: 0.5 },
    };
    const bin = {
      ...{ id: 'a', location: 1, stream: 'paper', serviceSeconds: 30, skills: ['crane'] },
      ...{
        windows: [
          [0, 10],
          [11, 30],
        ],
        prize: 2.5,
        vehicleId: 'v1',
        releaseSeconds: 5,
      },
    };
    const tip = {
      ...{ id: 'tip', location: 0, streams: ['paper'], serviceSeconds: 60 },
      ...{ windows: [[0, 10]], vehicleIds: ['v1'] },
    };
    const problem = read({
      ...{ name: 'Monday', vehicles: [truck], disposalSites: [tip] },
      stops: [{ ...bin, litres: 0.5, kg: 3 }],
    });
    expect(problem).toMatchObject({
      ...{ name: 'Monday', vehicles: [truck], disposalSites: [tip] },
      stops: [{ ...bin, amounts: { litres: 0.5, kg: 3 } }],
    });
  });

  test.each([
    [{ locations: [] }, 'locations: Too small'],
    [{ locations: [{ lat: 5 }, {}] }, 'locations.0: lat and lng go together'],
    [{ locations: [{ lat: 95, lng: 0 }, {}] }, 'locations.0.lat: Too big'],
    [{ colour: 'red' }, 'the file: Unrecognized key: "colour"'],
    [
      { matrices: { truck: { seconds: [[0]], metres: [[0]] } } },
      'matrices.truck.seconds: 2 rows of 2',
    ],
    [{ vehicles: [] }, 'vehicles: Too small'],
    [vehicle({ id: '' }), 'vehicles.0.id: Too small'],
    [vehicle({ profile: 'bike' }), 'vehicles.0.profile: there is no matrix "bike"'],
    [vehicle({ profile: 'toString' }), 'vehicles.0.profile: there is no matrix "toString"'],
    [vehicle({ start: undefined }), 'vehicles.0.start: Invalid input'],
    [vehicle({ start: 2 }), 'vehicles.0.start: there is no location 2'],
    [vehicle({ end: 0.5 }), 'vehicles.0.end: Invalid input'],
    [vehicle({ shift: [5, 4] }), 'vehicles.0.shift: ends before it begins'],
    [vehicle({ compartments: [] }), 'vehicles.0.compartments: Too small'],
    [vehicle({ compartments: [{ litres: -1 }] }), 'vehicles.0.compartments.0.litres: Too small'],
    [vehicle({ compartments: [{ volume: 1 }] }), 'vehicles.0.compartments.0: Unrecognized key'],
    [vehicle({ costs: { perKm: -1 } }), 'vehicles.0.costs.perKm: Too small'],
    [vehicle({ firstStops: ['b'] }), 'vehicles.0.firstStops: there is no stop b'],
    [vehicle({ firstStops: ['a', 'a'] }), 'vehicles.0.firstStops: a is there twice'],
    [vehicle({ speedFactor: 0 }), 'vehicles.0.speedFactor: Too small'],
    [
      vehicle({ breaks: [0, 1].map(() => ({ id: 'l', window: [0, 1], seconds: 1 })) }),
      'vehicles.0.breaks.1.id: l is there twice',
    ],
    [stop({ location: 2 }), 'stops.0.location: there is no location 2'],
    [stop({ litres: '5' }), 'stops.0.litres: Invalid input'],
    [
      stop({
        windows: [
          [5, 9],
          [9, 12],
        ],
      }),
      'stops.0.windows: must be in order and apart',
    ],
    [stop({ vehicleId: 'v9' }), 'stops.0.vehicleId: there is no vehicle v9'],
    [{ stops: [0, 1].map(() => ({ id: 'a', location: 0 })) }, 'stops.1.id: a is there twice'],
    [site({ location: 9 }), 'disposalSites.0.location: there is no location 9'],
    [site({ vehicleIds: ['v9'] }), 'disposalSites.0.vehicleIds: there is no vehicle v9'],
  ])('with %j is refused', (more, reason) => {
    expect(() => read(more)).toThrow(FormatError);
    expect(() => read(more)).toThrow(reason);
  });

  test.each([
    ['{\n  "stops": [\n    {"id": }\n  ]\n}', 'line 3'],
    ['{\n  "stops": [\n    {"id": "a"}', 'line 3'],
    ['{\n"a": "x\ty"}', 'line 2'],
    ['{"a": 1,}', 'line 1'],
    ['{"a": 1}\n\n}', 'line 3'],
    ['[]', 'the file: Invalid input: expected object'],
    ['', 'none of the known forms'],
    ['hello', 'none of the known forms'],
  ])('whose text is %j is refused', (text, reason) => {
    expect(() => readProblem(text)).toThrow(FormatError);
    expect(() => readProblem(text)).toThrow(reason);
  });
});
