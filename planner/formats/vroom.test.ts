import { describe, expect, test } from 'vitest';
import { NO_WAY } from '../problem/matrix.ts';
import { readProblem } from './read-problem.ts';

const MATRICES = {
  car: {
    durations: [
      [0, 60],
      [70, 0],
    ],
    distances: [
      [0, 500],
      [600, 0],
    ],
  },
};

/** The least file that can be read, with more. */
function file(more: object = {}): Record<string, unknown> {
  return {
    vehicles: [{ id: 1, start_index: 0 }],
    jobs: [{ id: 5, location_index: 1 }],
    matrices: MATRICES,
    ...more,
  };
}

function read(more: object = {}) {
  return readProblem(JSON.stringify(file(more)));
}

const vehicle = (more: object): object => ({ vehicles: [{ id: 1, start_index: 0, ...more }] });
const job = (more: object): object => ({ jobs: [{ id: 5, location_index: 1, ...more }] });

describe('a file of VROOM', () => {
  test('is read with every field that the model has', () => {
    const problem = read({
      vehicles: [
        {
          ...{ id: 1, profile: 'car', start: [2.35, 48.86], start_index: 0, end_index: 1 },
          ...{ capacity: [40], skills: [1, 14], time_window: [100, 9000], speed_factor: 0.9 },
          costs: { fixed: 100, per_hour: 1800, per_km: 20 },
          breaks: [{ id: 3, time_windows: [[200, 300]], service: 60 }, { id: 4 }],
          ...{ max_tasks: 4, max_travel_time: 7000, max_distance: 90_000, description: 'truck' },
        },
      ],
      jobs: [
        {
          ...{ id: 5, description: 'bin', location: [2.36, 48.87], location_index: 1 },
          ...{ setup: 20, service: 300, pickup: [4], skills: [14], priority: 10 },
          time_windows: [
            [0, 10],
            [20, 30],
          ],
        },
        { id: 6, location_index: 0 },
      ],
      disposal_sites: [{ id: 9, location_index: 1, service: 600, time_windows: [[0, 5000]] }],
    });
    const [first, second] = problem.stops;
    const [prize, plain] = [first?.prize, second?.prize];
    expect({ ...problem, matrices: [...problem.matrices] }).toEqual({
      ...{ name: 'vroom', units: { perSecond: 1, perMetre: 1 } },
      locations: [{ position: { lng: 2.35, lat: 48.86 } }, { position: { lng: 2.36, lat: 48.87 } }],
      matrices: [
        [
          'car',
          {
            size: 2,
            seconds: Int32Array.from([0, 60, 70, 0]),
            metres: Int32Array.from([0, 500, 600, 0]),
          },
        ],
      ],
      vehicles: [
        {
          ...{ id: '1', profile: 'car', start: 0, end: 1, shift: [100, 9000], skills: ['1', '14'] },
          compartments: [{ streams: null, litres: 40, kg: Infinity }],
          costs: { fixed: 100, perDrivingHour: 1800, perKm: 20 },
          breaks: [
            { id: '3', window: [200, 300], seconds: 60 },
            { id: '4', window: [100, 9000], seconds: 0 },
          ],
          ...{ mustEndEmpty: false, speedFactor: 0.9, maxStops: 4, maxDrivingSeconds: 7000 },
          maxMetres: 90_000,
        },
      ],
      stops: [
        {
          ...{ id: '5', location: 1, stream: 'any', amounts: { litres: 4, kg: 0 }, prize },
          ...{
            serviceSeconds: 320,
            windows: [
              [0, 10],
              [20, 30],
            ],
            skills: ['14'],
          },
        },
        {
          ...{ id: '6', location: 0, stream: 'any', amounts: { litres: 0, kg: 0 }, prize: plain },
          ...{ serviceSeconds: 0, windows: [], skills: [] },
        },
      ],
      disposalSites: [
        { id: '9', location: 1, streams: null, serviceSeconds: 600, windows: [[0, 5000]] },
      ],
      notes: [
        'priorities are prizes here: many jobs of a low one may outweigh one of a high one',
        'setup is part of service here, also when the job before is at the same place',
      ],
    });
    // Leaving a job out costs more than the dearest vehicle there and back: 100 + 2 * (70 s / 0.9 at 0.5 + 0.6 km at 20).
    expect(plain).toBe(Math.ceil(100 + 2 * ((70 / 0.9) * 0.5 + 12)) + 1);
    expect(prize).toBe(11 * (plain ?? 0));
  });

  test('has the defaults of VROOM', () => {
    expect(read()).toMatchObject({
      vehicles: [
        {
          ...{ profile: 'car', start: 0, end: null, shift: [0, 2 ** 26] },
          costs: { fixed: 0, perDrivingHour: 3600, perKm: 0 },
          compartments: [{ litres: Infinity, kg: Infinity }],
        },
      ],
      stops: [{ serviceSeconds: 0, windows: [], skills: [] }],
      notes: [],
    });
  });

  test('counts times since 1970 from the midnight before the first one', () => {
    const midnight = 1_600_387_200;
    const problem = read({
      ...vehicle({ time_window: [midnight + 28_800, midnight + 43_200] }),
      ...job({ time_windows: [[midnight + 30_000, midnight + 31_000]] }),
    });
    expect(problem).toMatchObject({
      timeOrigin: midnight,
      vehicles: [{ shift: [28_800, 43_200] }],
      stops: [{ windows: [[30_000, 31_000]] }],
    });
    expect(read(vehicle({ time_window: [0, 86_400] })).timeOrigin).toBeUndefined();
  });

  test('takes two dimensions that jobs have at once for litres and kilograms', () => {
    const problem = read({ ...vehicle({ capacity: [40, 900] }), ...job({ delivery: [4, 30] }) });
    expect(problem.vehicles[0]?.compartments).toEqual([{ streams: null, litres: 40, kg: 900 }]);
    expect(problem.stops[0]?.amounts).toEqual({ litres: 4, kg: 30 });
  });

  test('takes dimensions that jobs have one of for streams with compartments of their own', () => {
    const problem = read({
      ...vehicle({ capacity: [40, 0, 7] }),
      jobs: [
        { id: 1, location_index: 1, pickup: [3, 0, 0] },
        { id: 2, location_index: 1, pickup: [0, 0, 5] },
        { id: 3, location_index: 1 },
      ],
    });
    expect(problem.vehicles[0]?.compartments).toEqual(
      [40, 0, 7].map((litres, index) => ({
        streams: [`dimension ${index}`],
        litres,
        kg: Infinity,
      })),
    );
    expect(problem.stops.map(({ stream, amounts }) => [stream, amounts.litres])).toEqual([
      ['dimension 0', 3],
      ['dimension 2', 5],
      ['dimension 0', 0],
    ]);
  });

  test('needs no distances when nothing goes by them, and knows where there is no way', () => {
    const { matrices } = read({
      matrices: {
        car: {
          durations: [
            [0, null],
            [70, 0],
          ],
        },
      },
    });
    expect(matrices.get('car')).toEqual({
      size: 2,
      seconds: Int32Array.from([0, NO_WAY, 70, 0]),
      metres: Int32Array.from([0, NO_WAY, 0, 0]),
    });
  });

  test('passes over what it does not know and VROOM would not need, and says so of steps', () => {
    expect(read({ ...vehicle({ colour: 'red', steps: [] }), colour: 'blue' }).notes).toEqual([
      'steps of vehicles are not known and are passed over',
    ]);
  });

  test.each([
    [{ shipments: [{}] }, 'shipments: not known here'],
    [{ vehicles: [] }, 'vehicles: Too small'],
    [{ matrices: undefined }, 'matrices: missing'],
    [{ matrices: {} }, 'matrices: missing'],
    [{ matrices: { car: { durations: [] } } }, 'matrices.car.durations: Too small'],
    [
      { matrices: { car: { durations: [[0, 1]] } } },
      'matrices.car.durations.0: 1 rows of 1 numbers',
    ],
    [{ matrices: { car: { durations: [[0, 1], [1]] } } }, 'matrices.car.durations.1: 2 rows of 2'],
    [
      { matrices: { car: { ...MATRICES.car, costs: [[0]] } } },
      'matrices.car.costs: not known here',
    ],
    [
      { matrices: { ...MATRICES, hgv: { durations: [[0]] } } },
      'matrices.hgv.durations: 2 rows of 2',
    ],
    [vehicle({ profile: 'hgv' }), 'vehicles.0.profile: there is no matrix "hgv"'],
    [vehicle({ start_index: 2 }), 'vehicles.0.start_index: the matrices have no row 2'],
    [vehicle({ end: [2, 48] }), 'vehicles.0.end_index: missing'],
    [vehicle({ end: [2, 98] }), 'vehicles.0.end.1: Too big'],
    [vehicle({ time_window: [9, 3] }), 'vehicles.0.time_window: ends before it begins'],
    [vehicle({ costs: { per_task_hour: 60 } }), 'vehicles.0.costs.per_task_hour: not known here'],
    [
      vehicle({ capacity: [1, 2], breaks: [{ id: 1, max_load: [1, 2] }] }),
      'vehicles.0.breaks.0.max_load',
    ],
    [
      vehicle({
        breaks: [
          {
            id: 1,
            time_windows: [
              [0, 1],
              [3, 4],
            ],
          },
        ],
      }),
      'vehicles.0.breaks.0.time_windows.1',
    ],
    [vehicle({ speed_factor: 0 }), 'vehicles.0.speed_factor: Too small'],
    [
      {
        vehicles: [
          { id: 1, start_index: 0 },
          { id: 1, start_index: 0 },
        ],
      },
      'vehicles.1.id: 1 is there twice',
    ],
    [{ jobs: [{ id: 'a', location_index: 1 }] }, 'jobs.0.id: Invalid input'],
    [job({ location_index: undefined, location: [2, 48] }), 'jobs.0.location_index: missing'],
    [job({ location_index: 7 }), 'jobs.0.location_index: the matrices have no row 7'],
    [job({ setup_per_type: { truck: 5 } }), 'jobs.0.setup_per_type: not known here'],
    [job({ service_per_type: { truck: 5 } }), 'jobs.0.service_per_type: not known here'],
    [
      job({
        time_windows: [
          [5, 9],
          [7, 12],
        ],
      }),
      'jobs.0.time_windows: must be in order and apart',
    ],
    [job({ priority: 101 }), 'jobs.0.priority: Too big'],
    [job({ service: -1 }), 'jobs.0.service: Too small'],
    [job({ service: 1.5 }), 'jobs.0.service: Invalid input: expected int'],
    [job({ pickup: [1] }), 'vehicles.0.capacity: 1 numbers are expected'],
    [
      { ...vehicle({ capacity: [5] }), ...job({ pickup: [1], delivery: [1] }) },
      'jobs.0: pickup and delivery',
    ],
    [
      { ...vehicle({ capacity: [5] }), ...job({ pickup: [1, 1] }) },
      'vehicles.0.capacity: 2 numbers',
    ],
    [
      { ...vehicle({ capacity: [5, 5, 5] }), ...job({ pickup: [1, 1, 0] }) },
      'jobs.0: amounts in more than two',
    ],
    [
      {
        ...vehicle({ capacity: [5] }),
        jobs: [
          { id: 1, location_index: 1, pickup: [1] },
          { id: 2, location_index: 1, delivery: [1] },
        ],
      },
      'jobs.1.delivery: deliveries beside pickups are not known here',
    ],
    [{ disposal_sites: [{ id: 1 }] }, 'disposal_sites.0.location_index: missing'],
  ])('with %j is refused', (more, reason) => {
    expect(() => read(more)).toThrow(reason);
  });

  test('goes by distances only if it has them', () => {
    const matrices = {
      car: {
        durations: [
          [0, 60],
          [70, 0],
        ],
      },
    };
    const reason = 'matrices.car.distances: missing, and a vehicle goes by them';
    expect(() => read({ matrices, ...vehicle({ max_distance: 5 }) })).toThrow(reason);
    expect(() => read({ matrices, ...vehicle({ costs: { per_km: 5 } }) })).toThrow(reason);
  });
});
