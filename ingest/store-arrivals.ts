import { advanceBinStates, refreshBinStates } from '../store/bin-states.ts';
import type { IdentifiedReading } from '../store/bin-states.ts';
import { appendChanges } from '../store/changes.ts';
import type { Change } from '../store/changes.ts';
import type { Store, Trx } from '../store/database.ts';
import { noteSightings } from '../store/device-states.ts';
import { queueForInflux } from '../store/outbox.ts';
import { saveQuarantined } from '../store/quarantine.ts';
import type { Quarantined, RawArrival } from '../store/quarantine.ts';
import { addToTally } from '../store/tally.ts';
import type { TallyEntry } from '../store/tally.ts';
import { lockForWriting } from '../store/write-lock.ts';
import {
  compareArrivals,
  findArrivals,
  insertReadings,
  insertUplinks,
  pickArrival,
  wasDelivered,
} from '../store/uplinks.ts';
import { REDELIVERY_WINDOW_MS } from './identify.ts';
import type { AcceptedUplink } from './judge-arrival.ts';
import { judgeArrivals } from './judge-arrivals.ts';

/** What became of the arrivals of one batch; the counts add up to their number. */
export interface BatchOutcome {
  readonly stored: number;
  readonly duplicate: number;
  readonly quarantined: readonly Quarantined[];
}

/**
 * Stores messages and everything that follows from them in the caller's transaction: uplinks, readings, levels, device
 * states, quarantine, counts, outbox and changes. Storing the same messages again changes nothing but the counts.
 */
export async function storeArrivals(
  trx: Trx,
  store: Store,
  arrivals: readonly RawArrival[],
): Promise<BatchOutcome> {
  await lockForWriting(trx, store.kind);
  const { accepted, quarantined } = await judgeArrivals(trx, arrivals);
  const distinct = await dropCopies(trx, accepted);
  const ids = await insertUplinks(
    trx,
    distinct.map(({ uplink }) => uplink),
  );
  const readings = await insertAllReadings(trx, distinct, ids);
  const advanced = await advanceBinStates(trx, readings);
  const corrected = await correctArrivals(trx, store, distinct, ids);
  await noteSightings(
    trx,
    accepted.map(({ sighting }) => sighting),
  );
  await queueForInflux(
    trx,
    store,
    readings.map(({ id }) => id),
  );
  await saveQuarantined(trx, quarantined);
  const stored = ids.size;
  const outcome = { stored, duplicate: accepted.length - stored, quarantined };
  await addToTally(trx, toTally(outcome));
  await appendChanges(trx, store.kind, toChanges([...advanced, ...corrected], quarantined));
  return outcome;
}

/** One of each identity: the earliest arrival, with the right to backfill if any copy had it. */
async function dropCopies(
  trx: Trx,
  accepted: readonly AcceptedUplink[],
): Promise<AcceptedUplink[]> {
  const distinct = new Map<string, AcceptedUplink>();
  for (const candidate of accepted) {
    const { identity } = candidate.uplink;
    if (candidate.byArrival && (await isRedelivery(trx, candidate, distinct.values()))) continue;
    const other = distinct.get(identity);
    if (other === undefined || standsBefore(candidate, other)) distinct.set(identity, candidate);
  }
  return [...distinct.values()];
}

function standsBefore(a: AcceptedUplink, b: AcceptedUplink): boolean {
  return compareArrivals(pickArrival(a.uplink), pickArrival(b.uplink)) < 0;
}

async function isRedelivery(
  trx: Trx,
  { uplink, arrival }: AcceptedUplink,
  others: Iterable<AcceptedUplink>,
): Promise<boolean> {
  for (const other of others) {
    const near =
      Math.abs(other.uplink.received_at - uplink.received_at) <= REDELIVERY_WINDOW_MS &&
      other.uplink.content_hash === uplink.content_hash;
    const sameId = uplink.message_id !== null && other.uplink.message_id === uplink.message_id;
    if (near && (sameId || arrival.dup)) return true;
  }
  const message_id = uplink.message_id ?? null;
  return wasDelivered(trx, { ...uplink, message_id, dup: arrival.dup }, REDELIVERY_WINDOW_MS);
}

async function insertAllReadings(
  trx: Trx,
  uplinks: readonly AcceptedUplink[],
  ids: ReadonlyMap<string, number>,
): Promise<IdentifiedReading[]> {
  const identities = new Map<number, string>();
  const drafts = uplinks.flatMap(({ uplink, readings }) => {
    const uplinkId = ids.get(uplink.identity);
    if (uplinkId === undefined) return [];
    identities.set(uplinkId, uplink.identity);
    return readings.map((reading) => ({ ...reading, uplink_id: uplinkId }));
  });
  const inserted = await insertReadings(trx, drafts);
  return inserted.map((row) => ({ ...row, identity: identities.get(row.uplink_id) ?? '' }));
}

/**
 * Where a copy stands before the one already stored (another door was slower), the stored uplink takes over its arrival,
 * by which its time is judged. Returns the bins this touched.
 */
async function correctArrivals(
  trx: Trx,
  store: Store,
  uplinks: readonly AcceptedUplink[],
  inserted: ReadonlyMap<string, number>,
): Promise<string[]> {
  const copies = new Map(
    uplinks
      .filter(({ uplink }) => !inserted.has(uplink.identity))
      .map((one) => [one.uplink.identity, one]),
  );
  const binIds = new Set<string>();
  for (const standing of await findArrivals(trx, [...copies.keys()])) {
    const copy = copies.get(standing.identity);
    if (copy === undefined) continue;
    const arrival = pickArrival(copy.uplink);
    if (compareArrivals(arrival, standing) >= 0) continue;
    await trx.updateTable('uplinks').set(arrival).where('id', '=', standing.id).execute();
    for (const binId of await replaceReadings(trx, store, standing.id, copy)) binIds.add(binId);
  }
  await refreshBinStates(trx, [...binIds]);
  return [...binIds];
}

async function replaceReadings(
  trx: Trx,
  store: Store,
  uplinkId: number,
  { readings }: AcceptedUplink,
): Promise<string[]> {
  const before = await trx
    .selectFrom('readings')
    .select(['id', 'bin_id', 'part'])
    .where('uplink_id', '=', uplinkId)
    .execute();
  for (const row of before) {
    const reading = readings.find(({ part }) => part === row.part);
    if (reading !== undefined) {
      await trx.updateTable('readings').set(reading).where('id', '=', row.id).execute();
    }
  }
  await queueForInflux(
    trx,
    store,
    before.map(({ id }) => id),
  );
  return [...before, ...readings].flatMap(({ bin_id }) => bin_id ?? []);
}

function toTally({ stored, duplicate, quarantined }: BatchOutcome): TallyEntry[] {
  const reasons = new Map<string, number>();
  for (const { reason } of quarantined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return [
    { outcome: 'stored', reason: '', count: stored },
    { outcome: 'duplicate', reason: '', count: duplicate },
    ...[...reasons].map(([reason, count]) => ({ outcome: 'quarantined' as const, reason, count })),
  ];
}

function toChanges(
  binIds: readonly string[],
  quarantined: readonly Quarantined[],
): Omit<Change, 'seq'>[] {
  const bins = [...new Set(binIds)].map((id) => ({ kind: 'bin' as const, id }));
  const devices = [...new Set(quarantined.map(({ deviceId }) => deviceId ?? ''))];
  return [...bins, ...devices.map((id) => ({ kind: 'quarantine' as const, id }))];
}
