import { findGeometryMistake } from '../domain/geometry.ts';
import { appendAudit } from '../store/audit.ts';
import { findBin } from '../store/bins.ts';
import { appendChanges } from '../store/changes.ts';
import type { Store, Trx } from '../store/database.ts';
import { saveDevices } from '../store/devices.ts';
import type { Device } from '../store/devices.ts';
import { mountDevice } from '../store/mount-device.ts';
import type { MountResult, NewMounting } from '../store/mount-device.ts';
import { findQuarantined } from '../store/quarantine.ts';
import type { RawArrival } from '../store/quarantine.ts';
import type { QuarantineRow } from '../store/schema.ts';
import { addToTally } from '../store/tally.ts';
import { listOpenIds } from '../store/views/quarantine-list.ts';
import { lockForWriting } from '../store/write-lock.ts';
import { whyGeometryDoesNotFit } from './codecs/geometry-fit.ts';
import { isRecordFault } from './record-fault.ts';
import { judgeArrivals } from './judge-arrivals.ts';
import { NO_SOURCES } from './sources/source.ts';
import type { Source } from './sources/source.ts';
import { storeArrivals } from './store-arrivals.ts';

export interface ReplayResult {
  /** Messages that became readings or status, or were copies of such. */
  readonly resolved: number;
  /** Messages that are still refused, for the reason they now carry. */
  readonly refused: number;
}

/** Puts quarantined messages through ingest again, each by itself. Ids that are not there or resolved are passed over. */
export async function replayQuarantine(
  store: Store,
  ids: readonly number[],
  nowMs: number,
  sources: readonly Source[] = NO_SOURCES,
): Promise<ReplayResult> {
  let resolved = 0;
  let refused = 0;
  for (let start = 0; start < ids.length; start += REPLAYED_PER_COMMIT) {
    const some = ids.slice(start, start + REPLAYED_PER_COMMIT);
    for (const done of await replaySome(store, some, { nowMs, sources })) {
      if (done === true) resolved += 1;
      if (done === false) refused += 1;
    }
  }
  return { resolved, refused };
}

/** A commit costs as much as several messages; others wait for the lock meanwhile. */
const REPLAYED_PER_COMMIT = 50;

interface ReplayRun {
  readonly nowMs: number;
  readonly sources: readonly Source[];
}

/** In one transaction; where one of them cannot be stored, each in its own, so that it stops only what comes after. */
async function replaySome(
  store: Store,
  ids: readonly number[],
  run: ReplayRun,
): Promise<(boolean | undefined)[]> {
  const replay = (some: readonly number[]): Promise<(boolean | undefined)[]> =>
    store.db.transaction().execute(async (trx) => {
      const results: (boolean | undefined)[] = [];
      for (const id of some) results.push(await replayOne(trx, store, { id, ...run }));
      const detail = { firstId: some[0], lastId: some.at(-1) };
      const times = results.filter((result) => result === true).length;
      const entry = { action: 'quarantine-replayed', subject: '', times, detail } as const;
      if (times > 0) await appendAudit(trx, store, [entry]);
      return results;
    });
  try {
    return await replay(ids);
  } catch (error) {
    if (ids.length === 1 || !isRecordFault(error)) throw error;
    const results: (boolean | undefined)[] = [];
    for (const id of ids) results.push(...(await replay([id])));
    return results;
  }
}

async function replayOne(
  trx: Trx,
  store: Store,
  { id, nowMs, sources }: ReplayRun & { readonly id: number },
): Promise<boolean | undefined> {
  await lockForWriting(trx, store.kind);
  const row = await findQuarantined(trx, id);
  if (row === undefined || row.resolved_at !== null) return undefined;
  const copies = toArrivals(row);
  const { quarantined } = await judgeArrivals(trx, copies.slice(0, 1), sources);
  const [still] = quarantined;
  if (still !== undefined) {
    const { reason, detail, deviceId } = still;
    await trx
      .updateTable('quarantine')
      .set({ reason, detail, device_id: deviceId })
      .where('id', '=', id)
      .execute();
    await moveCount(trx, row, [{ outcome: 'quarantined', reason, count: row.times }]);
    return false;
  }
  await storeArrivals(trx, store, copies, sources);
  await trx.updateTable('quarantine').set({ resolved_at: nowMs }).where('id', '=', id).execute();
  // storeArrivals has counted these; the others that shared the row were copies of them.
  await moveCount(trx, row, [
    { outcome: 'duplicate', reason: '', count: row.times - copies.length },
  ]);
  await appendChanges(trx, store.kind, [{ kind: 'quarantine', id: row.device_id ?? '' }]);
  return true;
}

type Count = Parameters<typeof addToTally>[1][number];

async function moveCount(trx: Trx, row: QuarantineRow, to: readonly Count[]): Promise<void> {
  const from = { outcome: 'quarantined', reason: row.reason, count: -row.times } as const;
  await addToTally(trx, [from, ...to]);
}

/** A device to take in, and where it is. */
export interface Adoption {
  readonly device: Device;
  readonly mounting: Omit<NewMounting, 'deviceId'>;
}

export type AdoptResult =
  | Extract<MountResult, { ok: false }>
  | ({
      readonly ok: true;
      /** The last message that was replayed, where there are more to go on with; else null. */
      readonly next: number | null;
    } & ReplayResult);

/**
 * "This device belongs in bin X": registers it, mounts it, and replays what it sent before anybody knew it, `most` messages
 * at the most.
 */
export async function adoptDevice(
  store: Store,
  { device, mounting }: Adoption,
  nowMs: number,
  sources: readonly Source[] = NO_SOURCES,
  most: number = MAX_REPLAYED,
): Promise<AdoptResult> {
  if ((await findBin(store, mounting.binId)) === undefined) {
    return { ok: false, reason: 'no-such-bin', detail: `there is no bin ${mounting.binId}` };
  }
  // Before anything is written: a device that cannot be mounted would stay registered.
  const mistake = findMistake(device, mounting);
  if (mistake !== undefined) return { ok: false, reason: 'bad-geometry', detail: mistake };
  await saveDevices(store, [device]);
  const mounted = await mountDevice(store, { ...mounting, deviceId: device.id }, nowMs);
  if (!mounted.ok) return mounted;
  // Oldest first: the way they came.
  const waiting = { afterId: 0, limit: most + 1 };
  const ids = await listOpenIds(store, { deviceId: device.id }, waiting);
  const some = ids.slice(0, most);
  const replayed = await replayQuarantine(store, some, nowMs, sources);
  return { ok: true, ...replayed, next: ids.length > most ? (some.at(-1) ?? null) : null };
}

function findMistake({ model }: Device, { geometry }: Adoption['mounting']): string | undefined {
  if (geometry === null) return undefined;
  return whyGeometryDoesNotFit(geometry, model) ?? findGeometryMistake(geometry);
}

/** More than a sensor sends in a year at its shortest usual interval. */
const MAX_REPLAYED = 100_000;

/** The earliest copy of a message, which stands, and the latest, by which its device was last heard. */
function toArrivals(row: QuarantineRow): RawArrival[] {
  const first = toArrival(row);
  if (row.last_received_at === row.first_received_at) return [first];
  return [first, { ...first, receivedAtMs: row.last_received_at }];
}

function toArrival(row: QuarantineRow): RawArrival {
  return {
    door: row.door,
    journalSeq: row.journal_seq,
    receivedAtMs: row.first_received_at,
    principal: row.principal,
    backfill: row.backfill === 1,
    qos: row.qos,
    messageId: row.message_id,
    dup: row.dup === 1,
    topic: row.topic,
    payload: row.payload,
  };
}
