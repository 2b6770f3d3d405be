import { z } from 'zod';
import { COMMAND_ID } from '../../domain/command.ts';
import { hasKeys } from './message.ts';
import { printable } from './uplink.ts';
import type { CommandNews } from './uplink.ts';

/** Before the id of a command in what The Things Stack gives back with each event. */
export const CORRELATION_PREFIX = 'tunna:';

const DETAIL_LENGTH = 200;
/** A downlink has one of ours; the others are the network server's. */
const MOST_IDS = 32;

const TtnDownlink = z.object({ correlation_ids: z.array(z.string()).max(MOST_IDS).nullish() });
const TtnDocument = z.object({
  downlink_queued: TtnDownlink.nullish(),
  downlink_sent: TtnDownlink.nullish(),
  downlink_ack: TtnDownlink.nullish(),
  downlink_nack: TtnDownlink.nullish(),
  downlink_failed: z
    .object({
      downlink: TtnDownlink.nullish(),
      error: z
        .object({ name: z.string().nullish(), message_format: z.string().nullish() })
        .nullish(),
    })
    .nullish(),
});

/**
 * What an event of The Things Stack says of our commands, by the correlation ids it gives back. A `nack` is not the end: the
 * application server puts the downlink back into the queue (lorawan-stack, `handleDownlinkNack`), so it was merely sent.
 */
export function readTtnNews(document: unknown): readonly CommandNews[] {
  const parsed = TtnDocument.safeParse(document);
  if (!parsed.success) return [];
  const { downlink_queued, downlink_sent, downlink_ack, downlink_nack, downlink_failed } =
    parsed.data;
  const error = downlink_failed?.error;
  const detail = printable(
    error?.message_format ?? error?.name ?? 'no reason given',
    DETAIL_LENGTH,
  );
  return [
    ...[downlink_queued, downlink_sent, downlink_nack].flatMap((downlink) =>
      ourIds(downlink).map((commandId) => ({ commandId, state: 'sent' }) as const),
    ),
    ...ourIds(downlink_ack).map((commandId) => ({ commandId, state: 'acknowledged' }) as const),
    ...ourIds(downlink_failed?.downlink).map(
      (commandId) => ({ commandId, state: 'failed', detail }) as const,
    ),
  ];
}

function ourIds(downlink: z.output<typeof TtnDownlink> | null | undefined): string[] {
  return (downlink?.correlation_ids ?? [])
    .filter((id) => id.startsWith(CORRELATION_PREFIX))
    .map((id) => id.slice(CORRELATION_PREFIX.length))
    .filter((id) => COMMAND_ID.test(id));
}

const ChirpStackDocument = z.object({
  queueItemId: z.string().nullish(),
  acknowledged: z.boolean().nullish(),
  code: z.string().nullish(),
  description: z.string().nullish(),
  context: z.object({ queue_item_id: z.string().nullish() }).nullish(),
});

/** Log codes after which ChirpStack has thrown the queue item away (chirpstack, `downlink/data.rs`). */
const DISCARDED = new Set(['DOWNLINK_PAYLOAD_SIZE', 'EXPIRED', 'F_CNT_DOWN']);

/**
 * What an event of ChirpStack v4 says of our commands, whose ids are those of its queue items.
 * @param event what the topic calls it; absent: the document tells
 */
export function readChirpStackNews(
  document: unknown,
  event: string = findEvent(document),
): readonly CommandNews[] {
  const parsed = ChirpStackDocument.safeParse(document);
  if (!parsed.success) return [];
  const { queueItemId, acknowledged, code, description, context } = parsed.data;
  if (event === 'txack') return newsOf(queueItemId, { state: 'sent' });
  if (event === 'ack') {
    // Left out means false, as everywhere in its JSON.
    return acknowledged === true
      ? newsOf(queueItemId, { state: 'acknowledged' })
      : newsOf(queueItemId, { state: 'failed', detail: 'the device did not acknowledge it' });
  }
  if (event !== 'log' || !DISCARDED.has(code ?? '')) return [];
  const detail = printable(description ?? code ?? '', DETAIL_LENGTH);
  return newsOf(context?.queue_item_id, { state: 'failed', detail });
}

function findEvent(document: unknown): string {
  if (hasKeys(document, 'downlinkId')) return 'txack';
  return hasKeys(document, 'level') ? 'log' : 'ack';
}

function newsOf(
  queueItemId: string | null | undefined,
  news: Omit<CommandNews, 'commandId'>,
): readonly CommandNews[] {
  const commandId = queueItemId?.toLowerCase() ?? '';
  return COMMAND_ID.test(commandId) ? [{ commandId, ...news }] : [];
}
