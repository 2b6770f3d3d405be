import type { JournalReader } from '../journal/reader.ts';
import type { JournalRecord } from '../journal/record.ts';
import { appendChanges } from '../store/changes.ts';
import { moveCursor, readCursor } from '../store/cursors.ts';
import type { Store } from '../store/database.ts';
import { saveQuarantined } from '../store/quarantine.ts';
import type { RawArrival } from '../store/quarantine.ts';
import { addToTally } from '../store/tally.ts';
import type { TallyEntry } from '../store/tally.ts';
import { lockForWriting } from '../store/write-lock.ts';
import type { QuarantineReason } from './quarantine-reason.ts';
import { isRecordFault } from './record-fault.ts';
import { NO_SOURCES } from './sources/source.ts';
import type { Source } from './sources/source.ts';
import { storeArrivals } from './store-arrivals.ts';

/**
 * Enough to make the commit's cost small for each record (an fsync, and index pages that are written once for a whole batch),
 * few enough that one batch takes well under a second. `bench/ingest` tells what becomes of it.
 */
const RECORDS_PER_BATCH = 5_000;
const BYTES_PER_BATCH = 8 * 1024 * 1024;

/** Why a record is set aside whose bytes the disk has changed. */
const CORRUPT = 'corrupt-record';
/** Why a number is accounted for that the journal gave out and has no record of: its file has lost it. */
const MISSING = 'missing-record';

/** What one batch did, for logs and metrics. */
export interface BatchReport {
  readonly door: string;
  /** Number of its last record. */
  readonly toSeq: number;
  readonly records: number;
  readonly stored: number;
  readonly duplicate: number;
  /** How many were set aside, by reason. */
  readonly quarantined: ReadonlyMap<string, number>;
}

/**
 * Takes the next batch off a journal and stores it together with the cursor, in one transaction: after a crash anywhere
 * the batch is repeated as a whole, or not at all. Returns `undefined` when there is nothing new. Rejects when the database
 * fails; nothing is lost then, and the same batch comes again.
 */
export async function drainBatch(
  store: Store,
  reader: JournalReader,
  sources: readonly Source[] = NO_SOURCES,
): Promise<BatchReport | undefined> {
  const fromSeq = await readCursor(store, reader.id);
  const batch = reader.read(fromSeq, RECORDS_PER_BATCH, BYTES_PER_BATCH);
  const toSeq = Math.max(0, ...[...batch.records, ...batch.corrupt].map(({ seq }) => seq));
  if (toSeq === 0) return undefined;
  const { id: journal, door, isGapless } = reader;
  const span = { journal, door, fromSeq, toSeq, isGapless, sources };
  return await storeByHalves(store, span, batch);
}

interface Span {
  readonly journal: string;
  readonly door: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly isGapless: boolean;
  readonly sources: readonly Source[];
}

type Batch = ReturnType<JournalReader['read']>;

async function storeSpan(store: Store, span: Span, batch: Batch): Promise<BatchReport> {
  return store.db.transaction().execute(async (trx) => {
    const { door, toSeq } = span;
    const outcome = await storeArrivals(
      trx,
      store,
      batch.records.map((record) => toArrival(door, record)),
      span.sources,
    );
    const damaged = countDamage(span, batch);
    await addToTally(trx, damaged.map(toEntry));
    const records = countMessages(span, batch);
    await moveCursor(trx, { ...span, taken: records });
    const quarantined = new Map([...countReasons(outcome.quarantined), ...damaged]);
    const { stored, duplicate } = outcome;
    return { door, toSeq, records, stored, duplicate, quarantined };
  });
}

/**
 * Where a record cannot be stored, halves the batch until that one stands alone and is set aside; its neighbours are
 * stored. A batch with one such record costs about twice as much as one without.
 */
async function storeByHalves(store: Store, span: Span, batch: Batch): Promise<BatchReport> {
  try {
    return await storeSpan(store, span, batch);
  } catch (error) {
    if (!isRecordFault(error)) throw error;
    const { records, corrupt } = batch;
    const middle = records[Math.floor(records.length / 2)];
    if (middle === undefined) throw error;
    if (records.length === 1) return await setAside(store, span, batch, middle, error);
    const isBefore = ({ seq }: { readonly seq: number }): boolean => seq < middle.seq;
    const isAfter = ({ seq }: { readonly seq: number }): boolean => seq >= middle.seq;
    const before = { records: records.filter(isBefore), corrupt: corrupt.filter(isBefore) };
    const after = { records: records.filter(isAfter), corrupt: corrupt.filter(isAfter) };
    const border = middle.seq - 1;
    return mergeReports(
      await storeByHalves(store, { ...span, toSeq: border }, before),
      await storeByHalves(store, { ...span, fromSeq: border }, after),
    );
  }
}

async function setAside(
  store: Store,
  span: Span,
  batch: Batch,
  record: JournalRecord,
  error: unknown,
): Promise<BatchReport> {
  const reason = 'internal-error' satisfies QuarantineReason;
  const detail = error instanceof Error ? error.message : String(error);
  const quarantined = new Map<string, number>([[reason, 1], ...countDamage(span, batch)]);
  await store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const message = toArrival(span.door, record);
    const moved = await saveQuarantined(trx, [{ reason, detail, deviceId: null, message }]);
    const counted = [...quarantined].map(toEntry);
    await addToTally(trx, [...counted, ...moved]);
    await appendChanges(trx, store.kind, [{ kind: 'quarantine', id: '' }]);
    await moveCursor(trx, { ...span, taken: countMessages(span, batch) });
  });
  return {
    door: span.door,
    toSeq: span.toSeq,
    records: countMessages(span, batch),
    stored: 0,
    duplicate: 0,
    quarantined,
  };
}

/**
 * What cannot be stored of a span, by reason: records whose bytes cannot be trusted, and numbers without a record. Both are
 * counted; the log names them.
 */
function countDamage(span: Span, batch: Batch): [string, number][] {
  const { records, corrupt } = batch;
  const missing = countMessages(span, batch) - records.length - corrupt.length;
  const counts: [string, number][] = [
    [CORRUPT, corrupt.length],
    [MISSING, missing],
  ];
  return counts.filter(([, count]) => count > 0);
}

/** Messages that a span stands for, those included that its journal has lost. */
function countMessages(span: Span, { records, corrupt }: Batch): number {
  return span.isGapless ? span.toSeq - span.fromSeq : records.length + corrupt.length;
}

function toEntry([reason, count]: readonly [string, number]): TallyEntry {
  return { outcome: 'quarantined', reason, count };
}

function toArrival(door: string, record: JournalRecord): RawArrival {
  const { seq, origin = { door, seq }, ...message } = record;
  return { ...message, door: origin.door, journalSeq: origin.seq };
}

function countReasons(quarantined: readonly { readonly reason: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of quarantined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}

function mergeReports(a: BatchReport, b: BatchReport): BatchReport {
  const quarantined = new Map(a.quarantined);
  for (const [reason, count] of b.quarantined) {
    quarantined.set(reason, (quarantined.get(reason) ?? 0) + count);
  }
  return {
    door: a.door,
    toSeq: Math.max(a.toSeq, b.toSeq),
    records: a.records + b.records,
    stored: a.stored + b.stored,
    duplicate: a.duplicate + b.duplicate,
    quarantined,
  };
}
