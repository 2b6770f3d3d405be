import { z } from 'zod';
import { windowShapes, MOST_SECONDS, MOST_THINGS } from './json-shapes.ts';
import { MOST_PLACES } from './plane.ts';

// The descriptions become the tables of docs/planning.md, and a test compares the two.

const Seconds = z.int().min(0).max(MOST_SECONDS);
const Index = z.int().min(0);
const Id = z.string().min(1).max(200);
const Ids = z.array(Id).max(MOST_THINGS);
const { one: Window, many: Windows } = windowShapes(Seconds);
const Amount = z.number().min(0).max(1e6);
const Cost = z.number().min(0).max(1e6);
const Metres = z
  .int()
  .min(0)
  .max(1 << 27);
const Count = z.int().min(1).max(MOST_THINGS);
const Streams = z.array(Id).min(1).max(100);

export const LOCATION = z.strictObject({
  name: z.string().max(200).optional().describe('For people.'),
  lat: z.number().min(-90).max(90).optional().describe('Latitude in degrees, with `lng`.'),
  lng: z.number().min(-180).max(180).optional().describe('Longitude in degrees, with `lat`.'),
});

export const MATRIX = z.strictObject({
  seconds: z
    .array(z.array(z.int().min(0).nullable()))
    .describe(
      'A row for each location one comes from, in it a number for each one goes to. `null`: no way.',
    ),
  metres: z.array(z.array(z.int().min(0).nullable())).describe('The same in metres.'),
});

export const COMPARTMENT = z.strictObject({
  streams: Streams.nullable().default(null).describe('Streams it takes; `null`: any.'),
  litres: z
    .number()
    .min(0)
    .max(1e7)
    .optional()
    .describe(
      'Waste it holds, as it lies in the bins: its own volume times its compaction. Left out: no limit.',
    ),
  kg: z.number().min(0).max(1e7).optional().describe('Payload. Left out: no limit.'),
});

export const COSTS = z.strictObject({
  fixed: Cost.default(0).describe('For a vehicle that is used.'),
  perDrivingHour: Cost.default(0).describe('For 3600 seconds of driving.'),
  perKm: Cost.default(1).describe('For 1000 metres.'),
});

export const BREAK = z.strictObject({
  id: Id.describe('Its name, once in a vehicle.'),
  window: Window.describe('When it may begin.'),
  seconds: Seconds.describe('How long it takes. It is taken where the visit before it was.'),
});

export const STOP = z.strictObject({
  id: Id.describe('Its name, once in the file.'),
  location: Index.describe('Where it is, as an index into `locations`.'),
  stream: Id.default('residual').describe(
    'What waits there. The first compartment that takes it must have room.',
  ),
  litres: Amount.default(0).describe('How much waits there.'),
  kg: Amount.default(0).describe('What it weighs.'),
  serviceSeconds: Seconds.default(0).describe(
    'From the arrival, or the opening of the window, to the departure.',
  ),
  windows: Windows.default([]).describe(
    'When service may begin, in order and apart; none: at any time.',
  ),
  skills: Ids.default([]).describe('What the vehicle must have, such as `crane` or `side-loader`.'),
  prize: Cost.nullable()
    .default(null)
    .describe('What leaving it out costs; `null`: it must be served.'),
  vehicleId: Id.optional().describe('The only vehicle that may serve it.'),
  releaseSeconds: Seconds.optional().describe(
    'The trip that serves it leaves the depot, or the disposal site before it, no earlier.',
  ),
});

export const VEHICLE = z.strictObject({
  id: Id.describe('Its name, once in the file.'),
  profile: Id.default('truck').describe('Which of the `matrices` it drives by.'),
  start: Index.nullable().describe(
    'Where it begins, as an index into `locations`; `null`: at its first visit.',
  ),
  end: Index.nullable().describe('Where it ends; `null`: at its last visit.'),
  shift: Window.default([0, MOST_SECONDS]).describe(
    'From its first departure to its last arrival.',
  ),
  compartments: z.array(COMPARTMENT).min(1).max(8).describe('At least one.'),
  skills: Ids.default([]).describe('What stops may ask for.'),
  costs: COSTS.prefault({}).describe('What it costs.'),
  breaks: z
    .array(BREAK)
    .max(20)
    .default([])
    .describe('Each is taken once, if the vehicle is used.'),
  mustEndEmpty: z.boolean().default(false).describe('Whether it must unload before it ends.'),
  maxStops: Count.optional().describe('Stops of the day.'),
  maxDrivingSeconds: Seconds.optional().describe('Driving of the day.'),
  maxMetres: Metres.optional().describe('Distance of the day.'),
  maxDrivingBetweenBreaksSeconds: Seconds.optional().describe(
    'Driving since the beginning or the last break, such as 16200 (EU 561/2006).',
  ),
  maxDayLitres: z.number().min(0).max(1e7).optional().describe('Waste of the day, over all trips.'),
  maxDisposalVisits: z
    .int()
    .min(0)
    .max(MOST_THINGS)
    .optional()
    .describe('Visits to disposal sites of the day.'),
  firstStops: Ids.optional().describe('Stops it serves before all others, in this order.'),
  speedFactor: z
    .number()
    .min(0.1)
    .max(10)
    .optional()
    .describe('Its speed over that of its matrix; travel times are divided by it.'),
});

export const SITE = z.strictObject({
  id: Id.describe('Its name, once in the file.'),
  location: Index.describe('Where it is, as an index into `locations`.'),
  streams: Streams.nullable()
    .default(null)
    .describe(
      'Streams it takes; `null`: any. It empties the compartments all whose streams it takes.',
    ),
  serviceSeconds: Seconds.default(0).describe('How long unloading takes.'),
  windows: Windows.default([]).describe('When unloading may begin; none: at any time.'),
  vehicleIds: Ids.optional().describe('The only vehicles that may unload there.'),
});

/** Our own problem file. */
export const PROBLEM_FILE = z.strictObject({
  name: z.string().max(200).default('unnamed').describe('For people.'),
  locations: z
    .array(LOCATION)
    .min(1)
    .max(MOST_PLACES)
    .describe('Every place that something else names by its index, from 0.'),
  matrices: z
    .record(Id, MATRIX)
    .describe('Travel between all locations, by the name of a vehicle profile.'),
  vehicles: z.array(VEHICLE).min(1).max(MOST_THINGS).describe('At least one.'),
  stops: z.array(STOP).max(MOST_THINGS).describe('What is to be served.'),
  disposalSites: z
    .array(SITE)
    .max(1000)
    .default([])
    .describe('Where vehicles unload, whenever they need to.'),
});
