import type { JournalReader } from '../journal/reader.ts';
import type { JournalRecord } from '../journal/record.ts';
import { moveCursor, readCursor } from '../store/cursors.ts';
import type { Store } from '../store/database.ts';
import { saveQuarantined } from '../store/quarantine.ts';
import type { RawArrival } from '../store/quarantine.ts';
import { addToTally } from '../store/tally.ts';
import { isRecordFault } from './record-fault.ts';
import { storeArrivals } from './store-arrivals.ts';

/** Enough to make the commit's cost small for each record, few enough that one batch takes well under a second. */
const RECORDS_PER_BATCH = 500;
const BYTES_PER_BATCH = 4 * 1024 * 1024;

/** What one batch did, for logs and metrics. */
export interface BatchReport {
  readonly door: string;
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
): Promise<BatchReport | undefined> {
  const fromSeq = await readCursor(store, reader.id);
  const batch = reader.read(fromSeq, RECORDS_PER_BATCH, BYTES_PER_BATCH);
  const toSeq = Math.max(0, ...[...batch.records, ...batch.corrupt].map(({ seq }) => seq));
  if (toSeq === 0) return undefined;
  const span = { journal: reader.id, door: reader.door, fromSeq, toSeq };
  try {
    return await storeSpan(store, span, batch);
  } catch (error) {
    if (!isRecordFault(error)) throw error;
    return await storeOneByOne(store, span, batch);
  }
}

interface Span {
  readonly journal: string;
  readonly door: string;
  readonly fromSeq: number;
  readonly toSeq: number;
}

type Batch = ReturnType<JournalReader['read']>;

async function storeSpan(store: Store, span: Span, batch: Batch): Promise<BatchReport> {
  return store.db.transaction().execute(async (trx) => {
    const { door } = span;
    const outcome = await storeArrivals(
      trx,
      store,
      batch.records.map((record) => toArrival(door, record)),
    );
    // The bytes of a corrupt record cannot be trusted: it is counted, and the log names its place.
    await addToTally(trx, [
      { outcome: 'quarantined', reason: 'corrupt-record', count: batch.corrupt.length },
    ]);
    await moveCursor(trx, span);
    const quarantined = countReasons(outcome.quarantined);
    if (batch.corrupt.length > 0) quarantined.set('corrupt-record', batch.corrupt.length);
    const records = batch.records.length + batch.corrupt.length;
    return { door, records, stored: outcome.stored, duplicate: outcome.duplicate, quarantined };
  });
}

/** One record of the batch cannot be stored: finds it, sets it aside, and stores its neighbours. */
async function storeOneByOne(store: Store, span: Span, batch: Batch): Promise<BatchReport> {
  const reports: BatchReport[] = [];
  let fromSeq = span.fromSeq;
  for (const record of batch.records) {
    const one = { ...span, fromSeq, toSeq: record.seq };
    const corrupt = batch.corrupt.filter(({ seq }) => seq > fromSeq && seq < record.seq);
    reports.push(
      await storeSpan(store, one, { records: [record], corrupt }).catch((error: unknown) => {
        if (!isRecordFault(error)) throw error;
        return setAside(store, one, record, error);
      }),
    );
    fromSeq = record.seq;
  }
  const corrupt = batch.corrupt.filter(({ seq }) => seq > fromSeq);
  if (corrupt.length > 0)
    reports.push(await storeSpan(store, { ...span, fromSeq }, { records: [], corrupt }));
  return mergeReports(span.door, reports);
}

async function setAside(
  store: Store,
  span: Span,
  record: JournalRecord,
  error: unknown,
): Promise<BatchReport> {
  const reason = 'internal-error';
  const detail = error instanceof Error ? error.message : String(error);
  await store.db.transaction().execute(async (trx) => {
    const message = toArrival(span.door, record);
    await saveQuarantined(trx, [{ reason, detail, deviceId: null, message }]);
    await addToTally(trx, [{ outcome: 'quarantined', reason, count: 1 }]);
    await moveCursor(trx, span);
  });
  return {
    door: span.door,
    records: 1,
    stored: 0,
    duplicate: 0,
    quarantined: new Map([[reason, 1]]),
  };
}

function toArrival(door: string, record: JournalRecord): RawArrival {
  const { seq, ...message } = record;
  return { ...message, door, journalSeq: seq };
}

function countReasons(quarantined: readonly { readonly reason: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of quarantined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}

function mergeReports(door: string, reports: readonly BatchReport[]): BatchReport {
  const quarantined = new Map<string, number>();
  const sum = { records: 0, stored: 0, duplicate: 0 };
  for (const report of reports) {
    sum.records += report.records;
    sum.stored += report.stored;
    sum.duplicate += report.duplicate;
    for (const [reason, count] of report.quarantined) {
      quarantined.set(reason, (quarantined.get(reason) ?? 0) + count);
    }
  }
  return { door, ...sum, quarantined };
}
