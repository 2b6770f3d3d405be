import type { CommandRequest } from '../../../domain/command.ts';
import type { CommandRow } from '../../../store/schema.ts';
import type { Command, CommandRequest as WireRequest } from '../../api/commands.ts';
import { toTime, toTimeOrNull } from '../wire.ts';

/** Bytes are hexadecimal text on the wire. */
export function fromWireRequest(request: WireRequest): CommandRequest {
  if (request.kind !== 'raw') return request;
  const { bytesHex, ...rest } = request;
  return { ...rest, bytes: Buffer.from(bytesHex, 'hex') };
}

export function toCommand(row: CommandRow): Command {
  return {
    id: row.id,
    deviceId: row.device_id,
    // Safe: written from such a request, with its bytes as text.
    command: JSON.parse(row.request) as WireRequest,
    state: row.state,
    detail: row.detail,
    requestedAt: toTime(row.requested_at),
    requestedBy: row.requested_by,
    expiresAt: toTime(row.expires_at),
    sentAt: toTimeOrNull(row.sent_at),
    acknowledgedAt: toTimeOrNull(row.acknowledged_at),
    failedAt: toTimeOrNull(row.failed_at),
    expiredAt: toTimeOrNull(row.expired_at),
    attempts: row.attempts,
    door: row.door,
    topic: row.topic,
    payload: row.payload,
  };
}
