import { advanceBinStates, refreshBinStates } from '../store/bin-states.ts';
import type { IdentifiedReading } from '../store/bin-states.ts';
import { appendChanges } from '../store/changes.ts';
import type { Change } from '../store/changes.ts';
import { applyCommandEvents, findEchoed } from '../store/command-events.ts';
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
} from '../store/uplinks.ts';
import { dropCopies } from './drop-copies.ts';
import type { AcceptedUplink } from './judge-arrival.ts';
import { judgeArrivals } from './judge-arrivals.ts';
import { NO_SOURCES } from './sources/source.ts';
import type { Source } from './sources/source.ts';

/** What became of the arrivals of one batch; the counts add up to their number. */
export interface BatchOutcome {
  readonly stored: number;
  readonly duplicate: number;
  readonly quarantined: readonly Quarantined[];
}

/**
 * Stores messages and everything that follows from them in the caller's transaction: uplinks, readings, levels, device
 * states, commands, quarantine, counts, outbox and changes. Storing the same messages again changes nothing but the counts.
 */
export async function storeArrivals(
  trx: Trx,
  store: Store,
  arrivals: readonly RawArrival[],
  sources: readonly Source[] = NO_SOURCES,
): Promise<BatchOutcome> {
  await lockForWriting(trx, store.kind);
  const judged = await judgeArrivals(trx, arrivals, sources);
  const { accepted, quarantined, commandEvents, echoes } = judged;
  const { uplinks, takeovers } = await dropCopies(trx, accepted);
  const ids = await insertUplinks(
    trx,
    store,
    uplinks.map(({ uplink }) => uplink),
  );
  const readings = await insertAllReadings(trx, store, uplinks, ids);
  const advanced = await advanceBinStates(trx, store, readings);
  const standing = await findStanding(
    trx,
    uplinks.filter(({ uplink }) => !ids.has(uplink.identity)),
  );
  const corrected = await correctArrivals(trx, store, new Map([...takeovers, ...standing]));
  await noteSightings(
    trx,
    store,
    accepted.flatMap(({ sighting }) => sighting ?? []),
  );
  await queueForInflux(
    trx,
    store,
    readings.map(({ id }) => id),
  );
  const echoed = await findEchoed(trx, echoes);
  await applyCommandEvents(trx, store.kind, [...commandEvents, ...echoed]);
  const moved = await saveQuarantined(trx, quarantined);
  const stored = ids.size;
  const outcome = { stored, duplicate: accepted.length - stored, quarantined };
  await addToTally(trx, [...toTally(outcome), ...moved]);
  await appendChanges(trx, store.kind, toChanges([...advanced, ...corrected], quarantined));
  return outcome;
}

async function insertAllReadings(
  trx: Trx,
  store: Store,
  uplinks: readonly AcceptedUplink[],
  ids: ReadonlyMap<string, number>,
): Promise<IdentifiedReading[]> {
  const drafts = uplinks.flatMap(({ uplink: { identity }, readings }) => {
    const uplink_id = ids.get(identity);
    if (uplink_id === undefined) return [];
    return readings.map((reading) => ({ ...reading, uplink_id, identity }));
  });
  return insertReadings(trx, store, drafts);
}

/** The copies that stand before the one already stored, because another door was slower, by the number of that one. */
async function findStanding(
  trx: Trx,
  copies: readonly AcceptedUplink[],
): Promise<Map<number, AcceptedUplink>> {
  const byIdentity = new Map(copies.map((copy) => [copy.uplink.identity, copy]));
  const standing = new Map<number, AcceptedUplink>();
  for (const stored of await findArrivals(trx, [...byIdentity.keys()])) {
    const copy = byIdentity.get(stored.identity);
    if (copy === undefined || compareArrivals(pickArrival(copy.uplink), stored) >= 0) continue;
    standing.set(stored.id, copy);
  }
  return standing;
}

/** Stored uplinks take over the arrival of a copy, by which their time is judged. Returns the bins this touched. */
async function correctArrivals(
  trx: Trx,
  store: Store,
  copies: ReadonlyMap<number, AcceptedUplink>,
): Promise<string[]> {
  const binIds = new Set<string>();
  for (const [id, copy] of copies) {
    await trx.updateTable('uplinks').set(copy.uplink).where('id', '=', id).execute();
    for (const binId of await replaceReadings(trx, store, id, copy)) binIds.add(binId);
  }
  await refreshBinStates(trx, store, [...binIds]);
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
