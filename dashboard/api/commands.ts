import { z } from 'zod';
import { COMMAND_STATES } from '../../domain/command.ts';

const Time = z.iso.datetime({ offset: true }).meta({ description: 'RFC 3339, UTC' });

const seconds = z.int().min(1).max(31_536_000);
const distanceMm = z.int().min(0).max(20_000);

/** Longer than any frame of LoRaWAN, shorter than what a broker takes. */
const MOST_BYTES = 256;

export const CommandRequest = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('set-report-interval').meta({ description: 'How often it reports' }),
      seconds,
    }),
    z.strictObject({
      kind: z.literal('set-measure-interval').meta({ description: 'How often it measures' }),
      seconds,
    }),
    z.strictObject({
      kind: z
        .literal('set-full-threshold')
        .meta({ description: 'Distance at or below which it says that its bin is full' }),
      distanceMm,
    }),
    z.strictObject({
      kind: z
        .literal('set-fire-threshold')
        .meta({ description: 'Temperature from which it says that its bin burns' }),
      temperatureC: z.int().min(-50).max(200),
    }),
    z.strictObject({
      kind: z
        .literal('set-tilt-threshold')
        .meta({ description: 'Lean from which it says that its bin has fallen over' }),
      degrees: z.int().min(0).max(180),
    }),
    z.strictObject({
      kind: z
        .literal('set-empty-distance')
        .meta({ description: 'From the sensor to the floor of the empty bin' }),
      distanceMm,
    }),
    z.strictObject({
      kind: z
        .literal('set-blind-zone')
        .meta({ description: 'Distance below which it cannot measure' }),
      distanceMm,
    }),
    z.strictObject({
      kind: z.literal('raw').meta({ description: 'Bytes as the manual of the maker has them' }),
      fPort: z.int().min(1).max(223).exactOptional().meta({ description: 'Port of LoRaWAN' }),
      bytesHex: z
        .string()
        .regex(/^([0-9a-fA-F]{2})+$/, 'Expected bytes in hexadecimal, such as ff10ff')
        .max(2 * MOST_BYTES),
    }),
  ])
  .meta({ id: 'CommandRequest', description: 'What a device is asked to do' });
export type CommandRequest = z.infer<typeof CommandRequest>;

export const CommandOrder = z
  .strictObject({
    command: CommandRequest,
    expiresInSeconds: z
      .int()
      .min(60)
      .max(90 * 24 * 3600)
      .exactOptional()
      .meta({
        description: 'Given up when the device has not answered by then; a week if left out',
      }),
  })
  .meta({ id: 'CommandOrder' });

export const Command = z
  .strictObject({
    id: z.uuid(),
    deviceId: z.string(),
    command: CommandRequest,
    state: z.enum(COMMAND_STATES).meta({
      description:
        '`sent`: whoever carries it has it; `acknowledged`: the device says that it has it; `failed`: it will not arrive, or was taken back',
    }),
    detail: z.string().nullable().meta({ description: 'Why it failed' }),
    requestedAt: Time,
    requestedBy: z.string(),
    expiresAt: Time,
    sentAt: Time.nullable(),
    acknowledgedAt: Time.nullable(),
    failedAt: Time.nullable(),
    expiredAt: Time.nullable(),
    attempts: z.int().min(0).meta({ description: 'How often it was published' }),
    door: z.string().meta({ description: 'Who publishes it: our broker, or a source' }),
    topic: z.string(),
    payload: z.string(),
  })
  .meta({ id: 'Command', description: 'What a device was asked to do, and what became of it' });
export type Command = z.infer<typeof Command>;

export const CommandList = z
  .strictObject({ commands: z.array(Command) })
  .meta({ id: 'CommandList', description: 'Newest first' });
export type CommandList = z.infer<typeof CommandList>;
