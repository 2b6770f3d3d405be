import { z } from 'zod';
import { BIN_REASONS, BIN_STATES } from '../../domain/bin-state.ts';
import { SHAPES } from '../../domain/geometry.ts';
import { ALARMS } from '../../domain/measurement.ts';
import { QUALITIES } from '../../domain/quality.ts';
import { STREAMS } from '../../domain/stream.ts';

/**
 * The shapes of the HTTP API. Conventions, once for all: times are RFC 3339 in UTC, durations are in
 * seconds, lengths in millimetres, volumes in litres; fill is percent of the usable volume and may
 * exceed 100; positions are WGS 84 as `{lat, lng}` (GeoJSON alone is `[lng, lat]`); what is not known is `null`.
 */

const Time = z.iso.datetime({ offset: true }).meta({ description: 'RFC 3339, UTC' });

export const Location = z
  .strictObject({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) })
  .meta({ id: 'Location', description: 'WGS 84 position, degrees' });

export const BinSummary = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    stream: z.enum(STREAMS),
    area: z.string().nullable(),
    location: Location,
    volumeLitres: z.number().nullable(),
    thresholdPercent: z.number().meta({ description: 'Fill from which the bin needs emptying' }),
    fillPercent: z.number().nullable(),
    observedAt: Time.nullable().meta({ description: 'When the level was measured' }),
    ageSeconds: z.int().min(0).nullable(),
    staleAfterSeconds: z.int().meta({ description: 'Age from which the level is called stale' }),
    state: z.enum(BIN_STATES),
    reasons: z.array(z.enum(BIN_REASONS)).meta({ description: 'Why the bin is in its state' }),
    quality: z.enum(QUALITIES).nullable(),
    readingId: z.int().nullable().meta({ description: 'The reading the level comes from' }),
    temperatureC: z.number().nullable(),
    batteryPercent: z.number().nullable(),
    deviceId: z.string().nullable().meta({ description: 'The device the level comes from' }),
  })
  .meta({ id: 'BinSummary', description: 'A bin with its current level and the age of it' });
export type BinSummary = z.infer<typeof BinSummary>;

export const BinList = z.strictObject({ bins: z.array(BinSummary) }).meta({ id: 'BinList' });
export type BinList = z.infer<typeof BinList>;

const Measures = z.strictObject({
  shape: z.enum(SHAPES).nullable().meta({ description: 'The walls between floor and full line' }),
  emptyDistanceMm: z.number().nullable().meta({ description: 'Sensor to the floor' }),
  fullDistanceMm: z.number().nullable().meta({ description: 'Sensor to the full line' }),
  blindZoneMm: z.number().nullable(),
  areaRatio: z
    .number()
    .nullable()
    .meta({ description: 'Of a taper: area of the floor divided by the area at the full line' }),
  strappingTable: z
    .array(z.strictObject({ heightMm: z.number(), litres: z.number() }))
    .nullable()
    .meta({ description: 'Of a strapping table: litres below a height above the floor' }),
  temperatureReferenceC: z.number().nullable().meta({
    description:
      'Distances are multiplied by the square root of (273.15 + temperatureC) / (273.15 + this) first; null: they are not',
  }),
});

export const Mounting = z
  .strictObject({
    deviceId: z.string(),
    model: z.string().nullable(),
    from: Time.nullable().meta({ description: 'null: as far back as readings go' }),
    to: Time.nullable().meta({ description: 'null: until now' }),
    ...Measures.shape,
    reportIntervalSeconds: z.int().nullable(),
    lastSeenAt: Time.nullable(),
    cloneSuspectedAt: Time.nullable().meta({
      description: 'When its credential was seen in two places at once; null: it is not suspected',
    }),
    recompute: z
      .strictObject({ doneReadings: z.int().min(0), totalReadings: z.int().min(0) })
      .nullable()
      .meta({
        description:
          'Readings of a corrected mounting that are being computed anew; null: none are',
      }),
  })
  .meta({ id: 'Mounting', description: 'A device in a bin, from one time to another' });

export const BinDetail = BinSummary.extend({
  description: z.string().nullable(),
  mountings: z.array(Mounting).meta({ description: 'Newest first' }),
}).meta({ id: 'BinDetail', description: 'A bin with the devices mounted in it' });
export type BinDetail = z.infer<typeof BinDetail>;

export const ReadingBucket = z
  .strictObject({
    at: Time.meta({ description: 'Start of the bucket; for raw readings, when it was observed' }),
    min: z.number(),
    mean: z.number(),
    max: z.number(),
    count: z.int().min(1),
    readingId: z.int().nullable().meta({ description: 'Set when the bucket is one raw reading' }),
    quality: z.enum(QUALITIES).nullable().meta({ description: 'Set for raw readings' }),
  })
  .meta({ id: 'ReadingBucket', description: 'Fill percent within one bucket of time' });

export const ReadingSeries = z
  .strictObject({
    binId: z.string(),
    from: Time,
    to: Time,
    resolutionSeconds: z.int().min(0).meta({ description: '0: every reading by itself' }),
    truncated: z
      .boolean()
      .meta({ description: 'More readings lie in the span than were returned' }),
    missingBefore: Time.nullable().meta({
      description:
        'Readings before this time may be missing, because the store of old readings (InfluxDB) does not answer; null: none are',
    }),
    buckets: z.array(ReadingBucket).meta({ description: 'Oldest first' }),
  })
  .meta({ id: 'ReadingSeries' });
export type ReadingSeries = z.infer<typeof ReadingSeries>;

export const RawMessage = z
  .strictObject({
    uplinkId: z.int(),
    receivedAt: Time,
    door: z.string().meta({ description: 'The journal the message came through' }),
    principal: z.string().nullable().meta({ description: 'Who sent it' }),
    topic: z.string(),
    payloadText: z.string().nullable().meta({ description: 'The payload where it is UTF-8 text' }),
    payloadBase64: z.string(),
    kind: z.enum(['reading', 'status']).meta({ description: 'status: join, battery and the like' }),
    readingIds: z.array(z.int()),
  })
  .meta({ id: 'RawMessage', description: 'A message as it came in, byte for byte' });

export const RawMessageList = z
  .strictObject({ messages: z.array(RawMessage) })
  .meta({ id: 'RawMessageList', description: 'Newest first' });
export type RawMessageList = z.infer<typeof RawMessageList>;

export const Trace = z
  .strictObject({
    reading: z.strictObject({
      id: z.int(),
      binId: z.string().nullable(),
      deviceId: z.string(),
      observedAt: Time,
      receivedAt: Time,
      late: z.boolean(),
      fillPercent: z.number().nullable(),
      quality: z.enum(QUALITIES),
      qualityReason: z.string().nullable(),
      distanceMm: z.number().nullable(),
      reportedFillPercent: z.number().nullable(),
      temperatureC: z.number().nullable(),
      batteryPercent: z.number().nullable(),
      batteryV: z.number().nullable(),
      tilted: z.boolean().nullable(),
      alarms: z.array(z.enum(ALARMS)),
      extras: z
        .record(z.string(), z.union([z.number(), z.boolean(), z.array(z.number())]))
        .meta({ description: 'What the sensor said beside its level; units are in the names' }),
      sensorFault: z
        .string()
        .nullable()
        .meta({ description: 'What the sensor said instead of a level' }),
      recomputePending: z.boolean().meta({
        description:
          'The mounting was corrected and this reading is not computed anew yet: its fill follows from the earlier geometry',
      }),
    }),
    geometry: Measures.nullable().meta({
      description: 'The geometry the fill is computed with',
    }),
    decoding: z
      .strictObject({
        envelope: z.string().meta({ description: 'Format of the message around the payload' }),
        model: z.string().nullable().meta({ description: 'Codec that read the bytes' }),
        fPort: z.int().nullable(),
        payloadHex: z.string().nullable().meta({ description: "The sensor's own bytes" }),
        identity: z.string().meta({ description: 'What makes this uplink one and the same' }),
      })
      .meta({ description: 'How the message was read' }),
    message: RawMessage,
  })
  .meta({ id: 'Trace', description: 'A reading and the raw message it came from' });
export type Trace = z.infer<typeof Trace>;
