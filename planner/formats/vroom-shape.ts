import { z } from 'zod';
import { windowShapes, MOST_THINGS } from './json-shapes.ts';

/** Seconds since 1970 are allowed, as VROOM's own examples have them. */
const LATEST = 1e10;
const MOST_DIMENSIONS = 8;

const Place = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const Whole = z.int().min(0);
const Seconds = Whole.max(LATEST);
const Duration = Whole.max(1 << 26);
const Amount = z.array(z.number().min(0).max(1e7)).max(MOST_DIMENSIONS);
const Skills = z.array(z.int()).max(1000).default([]);
const { one: Window, many: Windows } = windowShapes(Seconds);
/** Refused when it says anything. */
const Unknown = z.unknown().optional();

const Task = {
  id: z.int(),
  description: z.string().optional(),
  location: Place.optional(),
  location_index: Whole.optional(),
};

const Job = z.looseObject({
  ...Task,
  setup: Duration.default(0),
  service: Duration.default(0),
  setup_per_type: Unknown,
  service_per_type: Unknown,
  delivery: Amount.optional(),
  pickup: Amount.optional(),
  skills: Skills,
  priority: z.int().min(0).max(100).default(0),
  time_windows: Windows.default([]),
});

const Cost = z.number().min(0).max(1e9);

const VroomVehicle = z.looseObject({
  id: z.int(),
  profile: z.string().default('car'),
  start: Place.optional(),
  start_index: Whole.optional(),
  end: Place.optional(),
  end_index: Whole.optional(),
  capacity: Amount.optional(),
  costs: z
    .looseObject({
      fixed: Cost.default(0),
      per_hour: Cost.default(3600),
      per_km: Cost.default(0),
      per_task_hour: Cost.default(0),
    })
    .prefault({}),
  skills: Skills,
  time_window: Window.optional(),
  breaks: z
    .array(
      z.looseObject({
        id: z.int(),
        time_windows: z.array(Window).max(100).default([]),
        service: Duration.default(0),
        max_load: Unknown,
      }),
    )
    .max(20)
    .default([]),
  speed_factor: z.number().min(0.1).max(10).optional(),
  max_tasks: Whole.optional(),
  max_travel_time: Duration.optional(),
  max_distance: Whole.max(1 << 30).optional(),
});

const Rows = z.array(z.array(z.number().min(0).nullable()));

export const VROOM_FILE = z.looseObject({
  vehicles: z.array(VroomVehicle).min(1).max(MOST_THINGS),
  jobs: z.array(Job).max(MOST_THINGS).default([]),
  shipments: z.array(z.unknown()).default([]),
  matrices: z
    .record(
      z.string(),
      z.looseObject({ durations: Rows.min(1), distances: Rows.optional(), costs: Unknown }),
    )
    .optional(),
  /** Our own addition, which VROOM ignores. */
  disposal_sites: z
    .array(
      z.looseObject({
        ...Task,
        service: Duration.default(0),
        time_windows: Windows.default([]),
      }),
    )
    .max(1000)
    .default([]),
});

export type VroomFile = z.output<typeof VROOM_FILE>;
export type VroomJob = VroomFile['jobs'][number];
export type VroomVehicle = VroomFile['vehicles'][number];
