import type { CommandState } from '../domain/command.ts';
import { appendChanges } from './changes.ts';
import type { Change } from './changes.ts';
import { stateOfRow } from './commands.ts';
import type { Store, Trx } from './database.ts';
import type { CommandRow } from './schema.ts';
import { compareText } from './uplinks.ts';
import { lockForWriting } from './write-lock.ts';

/** Something that was heard of a command. */
export interface CommandEvent {
  readonly commandId: string;
  /** The device it was heard of, by its id or by its name at its network server: no other's commands are touched. */
  readonly deviceId: string;
  readonly state: Extract<CommandState, 'sent' | 'acknowledged' | 'failed'>;
  readonly atMs: number;
  /** Why it failed. */
  readonly detail?: string;
}

const IDS_PER_QUERY = 5_000;

/**
 * Applies what was heard of commands in the caller's transaction. Each state keeps its earliest time, so neither the order
 * of events nor their copies matter. Events of commands that are not there, or are another device's, do nothing.
 */
export async function applyCommandEvents(
  trx: Trx,
  kind: Store['kind'],
  events: readonly CommandEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const changes: Omit<Change, 'seq'>[] = [];
  for (const before of await readRows(trx, events)) {
    const after = events
      .filter((event) => isOf(event, before))
      .reduce((row, event) => mergeEvent(row, event), before);
    if (after === before) continue;
    await trx.updateTable('commands').set(pickTold(after)).where('id', '=', before.id).execute();
    changes.push({ kind: 'command', id: before.id });
    if (before.acknowledged_at === null && after.acknowledged_at !== null) {
      changes.push(...(await adoptInterval(trx, after)));
    }
  }
  await appendChanges(trx, kind, changes);
}

/** Notes that whoever was to get a command has it. */
export async function noteSent(
  store: Store,
  command: Pick<CommandRow, 'id' | 'device_id'>,
  atMs: number,
): Promise<void> {
  const { id: commandId, device_id: deviceId } = command;
  await store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    await applyCommandEvents(trx, store.kind, [{ commandId, deviceId, state: 'sent', atMs }]);
  });
}

async function readRows(trx: Trx, events: readonly CommandEvent[]): Promise<CommandRow[]> {
  const ids = [...new Set(events.map(({ commandId }) => commandId))];
  const rows: CommandRow[] = [];
  for (let start = 0; start < ids.length; start += IDS_PER_QUERY) {
    const some = ids.slice(start, start + IDS_PER_QUERY);
    rows.push(...(await trx.selectFrom('commands').selectAll().where('id', 'in', some).execute()));
  }
  return rows;
}

function isOf(event: CommandEvent, row: CommandRow): boolean {
  if (event.commandId !== row.id) return false;
  return event.deviceId === row.device_id || event.deviceId === row.network_name;
}

/** The row as the event makes it; the same object when it says nothing new. */
export function mergeEvent(row: CommandRow, event: CommandEvent): CommandRow {
  const column = `${event.state}_at` as const;
  const known = row[column];
  if (known !== null && known < event.atMs) return row;
  if (event.state === 'failed') return mergeFailure(row, event);
  if (known === event.atMs) return row;
  const merged = { ...row, [column]: event.atMs };
  return { ...merged, state: stateOfRow(merged) };
}

/** Of two failures of one instant, the reason that comes first by its letters stands: any fixed choice will do. */
function mergeFailure(row: CommandRow, event: CommandEvent): CommandRow {
  const { atMs, detail = null }: { atMs: number; detail?: string | null } = event;
  if (row.failed_at === atMs && compareText(detail ?? '', row.detail ?? '') >= 0) return row;
  const merged = { ...row, failed_at: atMs, detail };
  return { ...merged, state: stateOfRow(merged) };
}

function pickTold(row: CommandRow) {
  const { state, detail, sent_at, acknowledged_at, failed_at } = row;
  return { state, detail, sent_at, acknowledged_at, failed_at };
}

/**
 * A device that has taken a new report interval is stale by the new one: the registry follows the newest command that the
 * device acknowledged.
 */
async function adoptInterval(trx: Trx, row: CommandRow): Promise<Omit<Change, 'seq'>[]> {
  if (row.kind !== 'set-report-interval') return [];
  const newer = await trx
    .selectFrom('commands')
    .select('id')
    .where('device_id', '=', row.device_id)
    .where('kind', '=', row.kind)
    .where('acknowledged_at', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('requested_at', '>', row.requested_at),
        eb.and([eb('requested_at', '=', row.requested_at), eb('id', '>', row.id)]),
      ]),
    )
    .executeTakeFirst();
  if (newer !== undefined) return [];
  // Safe: only requests of this kind are stored under it.
  const { seconds } = JSON.parse(row.request) as { readonly seconds: number };
  await trx
    .updateTable('devices')
    .set({ report_interval_seconds: seconds })
    .where('id', '=', row.device_id)
    .execute();
  return [{ kind: 'device', id: row.device_id }];
}

/** A device's frame that repeats a command's bytes. */
export interface CommandEcho {
  readonly deviceId: string;
  readonly bytes: Uint8Array;
  readonly atMs: number;
}

/** A network server's clock may be behind ours by so much. */
const CLOCK_TOLERANCE_MS = 60_000;

/** The acknowledgements that echoes are: of every command with exactly these bytes that had been published by then. */
export async function findEchoed(
  trx: Trx,
  echoes: readonly CommandEcho[],
): Promise<CommandEvent[]> {
  if (echoes.length === 0) return [];
  const rows = await trx
    .selectFrom('commands')
    .select(['id', 'device_id', 'bytes', 'attempted_at'])
    .where('device_id', 'in', [...new Set(echoes.map(({ deviceId }) => deviceId))])
    .where('attempted_at', 'is not', null)
    .where('bytes', 'is not', null)
    .execute();
  return rows.flatMap(({ id, device_id, bytes, attempted_at }) =>
    echoes
      .filter(
        (echo) =>
          echo.deviceId === device_id &&
          bytes?.equals(echo.bytes) === true &&
          attempted_at !== null &&
          attempted_at <= echo.atMs + CLOCK_TOLERANCE_MS,
      )
      .map(({ atMs }) => ({ commandId: id, deviceId: device_id, state: 'acknowledged', atMs })),
  );
}
