import type { CommandDraft } from '../../store/commands.ts';
import type { CommandRow } from '../../store/schema.ts';
import { formatTime } from '../print.ts';

export type CommandFields = Readonly<Record<string, string | number | null>>;

/** A command that is not queued yet, for people. */
export function describeDraft(draft: CommandDraft): CommandFields {
  return {
    id: draft.id,
    deviceId: draft.device_id,
    command: draft.request,
    fPort: draft.f_port ?? null,
    bytesHex: draft.bytes ? Buffer.from(draft.bytes).toString('hex') : null,
    door: draft.door,
    to: draft.principal ?? null,
    topic: draft.topic,
    payload: draft.payload,
    expiresAt: formatTime(draft.expires_at),
  };
}

/** A command with what became of it, for people. */
export function describeCommand(row: CommandRow): CommandFields {
  return {
    ...describeDraft(row),
    state: row.state,
    detail: row.detail,
    requestedBy: row.requested_by,
    requestedAt: formatTime(row.requested_at),
    attempts: row.attempts,
    sentAt: formatTime(row.sent_at),
    acknowledgedAt: formatTime(row.acknowledged_at),
    failedAt: formatTime(row.failed_at),
    expiredAt: formatTime(row.expired_at),
  };
}

/** The same for programs: what was asked for as an object. */
export function toJson(fields: CommandFields): object {
  const { command } = fields;
  // Safe: it was written as the JSON of an object.
  return {
    ...fields,
    command: typeof command === 'string' ? (JSON.parse(command) as object) : null,
  };
}
