import type { z } from 'zod';
import type { QuarantineRow } from '../../../store/schema.ts';
import type { QuarantineGroup as Group } from '../../../store/views/quarantine-groups.ts';
import type { QuarantineHead } from '../../../store/views/quarantine-list.ts';
import type { QuarantinedMessage, QuarantineGroup, QuarantinePage } from '../../api/quarantine.ts';
import { toText, toTime, toTimeOrNull } from '../wire.ts';

/** From the quarantine's rows to the shapes of the API. */

export function toGroup(
  { firstReceivedAtMs, lastReceivedAtMs, ...group }: Group,
  meaning: string | null,
): z.infer<typeof QuarantineGroup> {
  return {
    ...group,
    meaning,
    firstReceivedAt: toTime(firstReceivedAtMs),
    lastReceivedAt: toTime(lastReceivedAtMs),
  };
}

export function toMessageHead(row: QuarantineHead): QuarantinePage['messages'][number] {
  return {
    id: row.id,
    reason: row.reason,
    detail: row.detail,
    deviceId: row.device_id,
    door: row.door,
    principal: row.principal,
    topic: row.topic,
    times: row.times,
    firstReceivedAt: toTime(row.first_received_at),
    lastReceivedAt: toTime(row.last_received_at),
    resolvedAt: toTimeOrNull(row.resolved_at),
  };
}

export function toQuarantinedMessage(
  row: QuarantineRow,
  meaning: string | null,
): QuarantinedMessage {
  return {
    ...toMessageHead(row),
    meaning,
    payloadText: toText(row.payload),
    payloadBase64: row.payload.toString('base64'),
    payloadHex: row.payload.toString('hex'),
  };
}
