import { z } from 'zod';
import { COMMAND_ID, COMMAND_STATES } from '../../domain/command.ts';
import { BinId, DeviceId } from '../api/ids.ts';
import { GROUPINGS, Maker } from '../api/quarantine.ts';

/** The parameters of the API's paths and queries. Everything arrives as text. */

const DAY_MS = 24 * 3_600_000;

/** Buckets longer than a year tell nothing. */
const MAX_RESOLUTION_SECONDS = 366 * 24 * 3600;

export const BinParams = z.strictObject({ binId: BinId });

/** Whole numbers in text; fifteen digits stay exact in a double. */
const WholeNumber = z
  .string()
  .refine((text) => /^\d{1,15}$/.test(text), 'Expected a whole number')
  .transform(Number);

export const ReadingParams = z.strictObject({
  readingId: WholeNumber.meta({
    description: 'Number of a reading',
    override: { type: 'integer', minimum: 0 },
  }),
});

/** Beyond these a time no longer has four digits for its year. */
const TIME_RANGE_MS = [0, Date.UTC(9999, 11, 31)] as const;

const Time = z.iso
  .datetime({ offset: true, error: 'Expected an RFC 3339 time, such as 2026-03-01T06:00:00Z' })
  .transform((text) => Date.parse(text))
  .refine(
    (ms) => ms >= TIME_RANGE_MS[0] && ms <= TIME_RANGE_MS[1],
    'Expected a time from 1970 to 9999',
  );

export const SeriesQuery = z
  .strictObject({
    from: Time.optional().meta({
      description: 'Start of the span; 30 days before `to` if left out',
    }),
    to: Time.optional().meta({ description: 'End of the span; now if left out' }),
    resolution: WholeNumber.refine(
      (seconds) => seconds <= MAX_RESOLUTION_SECONDS,
      `Expected at most ${MAX_RESOLUTION_SECONDS} seconds`,
    )
      .optional()
      .meta({
        description:
          'Length of a bucket in seconds; 0: every reading by itself; left out: raw readings when few, else what suits the span',
        override: { type: 'integer', minimum: 0, maximum: MAX_RESOLUTION_SECONDS },
      }),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ['from'],
    error: 'Expected a time before `to`',
  });

/** The span a query asks for. `from` alone may lie after now: an empty span. */
export function resolveSpan(
  query: z.infer<typeof SeriesQuery>,
  nowMs: number,
): { readonly fromMs: number; readonly toMs: number } {
  const toMs = query.to ?? Math.max(nowMs, query.from ?? 0);
  return { fromMs: query.from ?? Math.max(0, toMs - 30 * DAY_MS), toMs };
}

const MAX_MESSAGES = 100;
const DEFAULT_MESSAGES = 20;

export const MessagesQuery = z.strictObject({
  limit: WholeNumber.refine(
    (count) => count >= 1 && count <= MAX_MESSAGES,
    `Expected a number from 1 to ${MAX_MESSAGES}`,
  )
    .default(DEFAULT_MESSAGES)
    .meta({
      description: 'How many messages at most',
      override: { type: 'integer', minimum: 1, maximum: MAX_MESSAGES, default: DEFAULT_MESSAGES },
    }),
});

export const EventsQuery = z.strictObject({
  lastEventId: WholeNumber.optional().meta({
    description: 'As the header Last-Event-ID, which goes first, for clients that cannot set it',
    override: { type: 'integer', minimum: 0 },
  }),
});

const SOURCE_NAME = /^[a-z0-9-]{1,24}$/;

export const WebhookParams = z.strictObject({
  source: z
    .string()
    .refine(
      (text) => SOURCE_NAME.test(text),
      'Expected 1 to 24 lower-case letters, digits or hyphens',
    )
    .meta({ description: 'A form such as `ttn-v3`, or a configured source', example: 'ttn-v3' }),
});

/** It becomes a level of a topic: no slash, no wildcard. */
const EVENT_NAME = /^[A-Za-z][\w-]{0,31}$/;

/** Not strict: network servers add parameters of their own, such as ThingPark's `LrnDevEui`. */
export const WebhookQuery = z.object({
  event: z
    .string()
    .refine(
      (text) => EVENT_NAME.test(text),
      'Expected a letter and up to 31 letters, digits or hyphens',
    )
    .optional()
    .meta({ description: 'What happened, as ChirpStack adds it: `up`, `join`, `status` ...' }),
});

export const QuarantineParams = z.strictObject({
  messageId: WholeNumber.meta({
    description: 'Number of a message in quarantine',
    override: { type: 'integer', minimum: 0 },
  }),
});

export const GroupsQuery = z.strictObject({
  by: z.enum(GROUPINGS).default('reason').meta({ description: 'What the messages share' }),
});

/** Where a page ends: when its last message last came, and its number. */
const Cursor = z
  .string()
  .regex(/^\d{1,15}~\d{1,15}$/, 'Expected `next` of a page')
  .transform((text) => {
    const [lastReceivedAtMs = 0, id = 0] = text.split('~').map(Number);
    return { lastReceivedAtMs, id };
  });

export const QuarantineQuery = z.strictObject({
  reason: z.string().optional().meta({ description: 'Only messages with this reason' }),
  device: DeviceId.optional(),
  maker: Maker.optional().meta({ description: 'Only of the devices of this maker' }),
  state: z
    .enum(['open', 'all'])
    .default('open')
    .meta({ description: '`all`: also messages that have become readings since' }),
  limit: MessagesQuery.shape.limit,
  cursor: Cursor.optional().meta({
    description: '`next` of the page before',
    override: { type: 'string' },
  }),
});

export const DeviceParams = z.strictObject({ deviceId: DeviceId });

export const CommandParams = z.strictObject({
  commandId: z
    .string()
    .regex(COMMAND_ID, 'Expected the id of a command, a UUID in lower case')
    .meta({ description: 'Id of a command', override: { type: 'string', format: 'uuid' } }),
});

export const CommandsQuery = z.strictObject({
  device: DeviceId.optional(),
  state: z.enum(COMMAND_STATES).optional().meta({ description: 'Only commands in this state' }),
  limit: MessagesQuery.shape.limit.meta({ description: 'How many commands at most' }),
});
