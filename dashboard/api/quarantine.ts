import { z } from 'zod';
import { BinId, DeviceId } from './ids.ts';

const Time = z.iso.datetime({ offset: true }).meta({ description: 'RFC 3339, UTC' });

export const GROUPINGS = ['reason', 'device', 'maker'] as const;

export const QuarantineGroup = z
  .strictObject({
    key: z
      .string()
      .nullable()
      .meta({ description: 'The reason, device or maker that they share; null: not known' }),
    meaning: z.string().nullable().meta({ description: 'Of a reason: what it means' }),
    messages: z.int().min(1).meta({ description: 'Different messages' }),
    times: z.int().min(1).meta({ description: 'How often they came' }),
    devices: z.int().min(0).meta({ description: 'Devices that are known to have sent them' }),
    firstReceivedAt: Time,
    lastReceivedAt: Time,
    exampleId: z.int().meta({ description: 'The newest message' }),
  })
  .meta({ id: 'QuarantineGroup', description: 'Open messages that have something in common' });

export const QuarantineGroups = z
  .strictObject({
    by: z.enum(GROUPINGS),
    groups: z.array(QuarantineGroup).meta({ description: 'Largest first; 1,000 at most' }),
    total: z.int().min(0).meta({ description: 'How many groups there are' }),
  })
  .meta({ id: 'QuarantineGroups' });
export type QuarantineGroups = z.infer<typeof QuarantineGroups>;

const MessageHead = z.strictObject({
  id: z.int(),
  reason: z.string(),
  detail: z.string().meta({ description: 'What exactly is wrong' }),
  deviceId: z.string().nullable().meta({ description: 'null: the message does not say' }),
  door: z.string().meta({ description: 'The journal the message came through' }),
  principal: z.string().nullable().meta({ description: 'Who sent it' }),
  topic: z.string(),
  times: z.int().min(1).meta({ description: 'How often this very message came' }),
  firstReceivedAt: Time,
  lastReceivedAt: Time,
  resolvedAt: Time.nullable().meta({ description: 'When it became a reading or status' }),
});

export const QuarantinePage = z
  .strictObject({
    messages: z.array(MessageHead.meta({ id: 'QuarantinedMessageHead' })),
    next: z.string().nullable().meta({ description: '`cursor` of the next page; null: the last' }),
  })
  .meta({ id: 'QuarantinePage', description: 'Newest first' });
export type QuarantinePage = z.infer<typeof QuarantinePage>;

export const QuarantinedMessage = MessageHead.extend({
  meaning: z.string().nullable().meta({ description: 'What the reason means' }),
  payloadText: z.string().nullable().meta({ description: 'The payload where it is UTF-8 text' }),
  payloadBase64: z.string(),
  payloadHex: z.string(),
}).meta({ id: 'QuarantinedMessage', description: 'A message that did not become a reading' });
export type QuarantinedMessage = z.infer<typeof QuarantinedMessage>;

/** Messages of one request at most. */
export const MOST_REPLAYED = 500;

const MessageNumber = z.int().min(1);
const After = MessageNumber.exactOptional().meta({
  description: '`next` of the answer before: go on behind this message',
});
export const Maker = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, 'Expected a maker as the groups name it');

export const ReplayRequest = z
  .union(
    [
      z.strictObject({ ids: z.array(MessageNumber).min(1).max(MOST_REPLAYED), after: After }),
      z.strictObject({ all: z.literal(true), after: After }),
      z
        .strictObject({
          reason: z.string().exactOptional(),
          deviceId: DeviceId.exactOptional(),
          maker: Maker.exactOptional(),
          after: After,
        })
        .refine(
          ({ reason, deviceId, maker }) => (reason ?? deviceId ?? maker) !== undefined,
          'Expected at least one of reason, deviceId and maker',
        ),
    ],
    { error: 'Expected ids, or all, or at least one of reason, deviceId and maker' },
  )
  .meta({ id: 'ReplayRequest', description: 'Which open messages to put through ingest again' });
export type ReplayRequest = z.infer<typeof ReplayRequest>;

export const ReplayAnswer = z
  .strictObject({
    stored: z.int().min(0).meta({ description: 'Messages that became readings or status' }),
    refused: z.int().min(0).meta({ description: 'Messages that are still refused' }),
    next: z.int().nullable().meta({
      description: 'Not null: there are more; repeat the request with this as `after`',
    }),
  })
  .meta({ id: 'ReplayAnswer' });
export type ReplayAnswer = z.infer<typeof ReplayAnswer>;

const measures = {
  emptyDistanceMm: z.number().meta({ description: 'Sensor to the floor of the empty bin' }),
  fullDistanceMm: z.number().meta({ description: 'Sensor to the line that counts as full' }),
  blindZoneMm: z.number().default(0).meta({ description: 'Closer than this it cannot measure' }),
  temperatureReferenceC: z.number().exactOptional().meta({
    description: 'For a sensor that measures by sound: the temperature it takes for granted',
  }),
};

export const NewGeometry = z
  .discriminatedUnion('shape', [
    z.strictObject({ shape: z.literal('prism'), ...measures }),
    z.strictObject({
      shape: z.literal('taper'),
      ...measures,
      areaRatio: z.number().meta({ description: 'Area of the floor by the area at the full line' }),
    }),
    z.strictObject({
      shape: z.literal('strapping-table'),
      ...measures,
      strappingTable: z.array(z.strictObject({ heightMm: z.number(), litres: z.number() })),
    }),
  ])
  .meta({ id: 'NewGeometry', description: 'How a distance becomes a fill' });

export const AdoptRequest = z
  .strictObject({
    deviceId: DeviceId,
    binId: BinId,
    model: z.string().min(1).max(100).exactOptional().meta({
      description: 'Codec of its bytes; left out: its messages carry values, or say which',
      example: 'milesight/em400-mud',
    }),
    geometry: NewGeometry.exactOptional(),
    reportIntervalSeconds: z.int().min(1).max(31_536_000).exactOptional(),
  })
  .meta({ id: 'AdoptRequest', description: 'A device that nobody has registered, and its bin' });
export type AdoptRequest = z.infer<typeof AdoptRequest>;
