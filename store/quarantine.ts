import { createHash } from 'node:crypto';
import type { Db, Trx } from './database.ts';
import type { NewQuarantine, QuarantineRow } from './schema.ts';
import { storableText } from './storable-text.ts';

/** A message to set aside, with why. */
export interface Quarantined {
  readonly reason: string;
  readonly detail: string;
  readonly deviceId: string | null;
  readonly message: RawArrival;
}

/** A message as a door took it in, and where it stands in that door's journal. */
export interface RawArrival {
  readonly door: string;
  readonly journalSeq: number;
  readonly receivedAtMs: number;
  readonly principal: string | null;
  readonly backfill: boolean;
  readonly qos: number;
  readonly messageId: number | null;
  readonly dup: boolean;
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** Sets messages aside. Equal ones (topic and payload) share a row that counts them. */
export async function saveQuarantined(trx: Trx, messages: readonly Quarantined[]): Promise<void> {
  for (const message of messages) {
    const row = toRow(message);
    const { receivedAtMs } = message.message;
    await trx
      .insertInto('quarantine')
      .values(row)
      .onConflict((conflict) =>
        conflict.column('digest').doUpdateSet((eb) => ({
          reason: row.reason,
          detail: row.detail,
          device_id: row.device_id ?? null,
          times: eb('quarantine.times', '+', 1),
          backfill: row.backfill === 1 ? 1 : eb.ref('quarantine.backfill'),
          first_received_at: eb
            .case()
            .when('quarantine.first_received_at', '<', receivedAtMs)
            .then(eb.ref('quarantine.first_received_at'))
            .else(receivedAtMs)
            .end(),
          last_received_at: eb
            .case()
            .when('quarantine.last_received_at', '>', receivedAtMs)
            .then(eb.ref('quarantine.last_received_at'))
            .else(receivedAtMs)
            .end(),
          resolved_at: null,
        })),
      )
      .execute();
  }
}

export interface QuarantineFilter {
  readonly reason?: string | undefined;
  readonly deviceId?: string | undefined;
  /** Also those that were replayed into readings. */
  readonly includeResolved?: boolean;
  readonly limit?: number;
}

/** Messages set aside, newest first. */
export async function listQuarantine(
  db: Db | Trx,
  filter: QuarantineFilter,
): Promise<QuarantineRow[]> {
  let query = db
    .selectFrom('quarantine')
    .selectAll()
    .orderBy('last_received_at', 'desc')
    .orderBy('id', 'desc');
  if (filter.reason !== undefined) query = query.where('reason', '=', filter.reason);
  if (filter.deviceId !== undefined) query = query.where('device_id', '=', filter.deviceId);
  if (filter.includeResolved !== true) query = query.where('resolved_at', 'is', null);
  return query.limit(filter.limit ?? 100).execute();
}

export async function findQuarantined(
  db: Db | Trx,
  id: number,
): Promise<QuarantineRow | undefined> {
  return db.selectFrom('quarantine').selectAll().where('id', '=', id).executeTakeFirst();
}

function toRow({ reason, detail, deviceId, message }: Quarantined): NewQuarantine {
  return {
    digest: createHash('sha256')
      .update(message.topic)
      .update('\0')
      .update(message.payload)
      .digest('hex'),
    reason,
    detail: storableText(detail),
    device_id: deviceId,
    door: message.door,
    journal_seq: message.journalSeq,
    first_received_at: message.receivedAtMs,
    last_received_at: message.receivedAtMs,
    times: 1,
    principal: message.principal,
    backfill: message.backfill ? 1 : 0,
    qos: message.qos,
    message_id: message.messageId,
    topic: storableText(message.topic),
    payload: message.payload,
    resolved_at: null,
  };
}
