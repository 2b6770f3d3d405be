import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openJournalReader } from '../journal/reader.ts';
import { openJournalWriter } from '../journal/writer.ts';
import { readCursor } from '../store/cursors.ts';
import { listQuarantine } from '../store/quarantine.ts';
import { readTally } from '../store/tally.ts';
import { openTestStore } from '../store/testing/open-test-store.ts';
import { drainBatch } from './drain-journal.ts';
import { addMountedDevice } from './testing/sample-town.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);

async function openJournalOf(fills: readonly number[]) {
  const test = await openTestStore();
  await addMountedDevice(test.store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
  const writer = await openJournalWriter({ folder: join(test.folder, 'journals'), door: 'mqtt' });
  await Promise.all(
    fills.map((fillPercent, index) =>
      writer.append({
        receivedAtMs: NOW_MS,
        principal: 'dev-1',
        topic: 'bins/dev-1/up',
        payload: Buffer.from(JSON.stringify({ observedAt: NOW_MS + index, fillPercent })),
        qos: 1,
        messageId: index + 1,
        dup: false,
        backfill: false,
      }),
    ),
  );
  const reader = openJournalReader(writer.file);
  return {
    ...test,
    reader,
    async [Symbol.asyncDispose]() {
      reader.close();
      await writer.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

async function storedFills({ store }: Awaited<ReturnType<typeof openJournalOf>>) {
  const rows = await store.db.selectFrom('readings').select('fill_percent').orderBy('id').execute();
  return rows.map((row) => row.fill_percent);
}

describe('draining a journal', () => {
  it('stores a batch and moves the cursor behind it', async () => {
    await using line = await openJournalOf([10, 20, 30]);
    const report = await drainBatch(line.store, line.reader);
    expect(report).toMatchObject({ toSeq: 3, records: 3, stored: 3, duplicate: 0 });
    expect(await readCursor(line.store, line.reader.id)).toBe(3);
    expect(await drainBatch(line.store, line.reader)).toBeUndefined();
    expect(await storedFills(line)).toEqual([10, 20, 30]);
  });

  it('sets aside the one record that the database refuses, and stores its neighbours', async () => {
    await using line = await openJournalOf([10, 20, 30]);
    await sql`create trigger refuse before insert on readings when new.fill_percent = 20
      begin select raise(abort, 'refused by a rule of the database'); end`.execute(line.store.db);
    const report = await drainBatch(line.store, line.reader);
    expect(report).toMatchObject({ toSeq: 3, records: 3, stored: 2 });
    expect(await storedFills(line)).toEqual([10, 30]);
    const [row] = await listQuarantine(line.store.db, {});
    expect(row).toMatchObject({
      reason: 'internal-error',
      detail: 'refused by a rule of the database',
    });
    expect(await readCursor(line.store, line.reader.id)).toBe(3);
    const changes = await line.store.db.selectFrom('changes').select('kind').execute();
    expect(changes.filter(({ kind }) => kind === 'quarantine')).toHaveLength(1);
  });

  it('finds several such records among many', async () => {
    const fills = Array.from({ length: 41 }, (_, index) => index);
    await using line = await openJournalOf(fills);
    await sql`create trigger refuse before insert on readings when new.fill_percent in (0, 17, 18, 40)
      begin select raise(abort, 'refused by a rule of the database'); end`.execute(line.store.db);
    const report = await drainBatch(line.store, line.reader);
    expect(report).toMatchObject({ records: 41, stored: 37 });
    expect(report?.quarantined).toEqual(new Map([['internal-error', 4]]));
    expect(await storedFills(line)).toEqual(
      fills.filter((fill) => ![0, 17, 18, 40].includes(fill)),
    );
    expect(await listQuarantine(line.store.db, {})).toHaveLength(4);
    expect(await readCursor(line.store, line.reader.id)).toBe(41);
  });

  it('counts what the journal has lost: numbers without a record are accounted for', async () => {
    await using line = await openJournalOf([10, 20, 30, 40]);
    const damaged = new Sqlite(line.reader.file);
    damaged.exec('delete from records where seq in (1, 3)');
    damaged.close();
    const report = await drainBatch(line.store, line.reader);
    expect(report).toMatchObject({ toSeq: 4, records: 4, stored: 2 });
    expect(report?.quarantined).toEqual(new Map([['missing-record', 2]]));
    expect(await storedFills(line)).toEqual([20, 40]);
    expect(await readTally(line.store.db)).toEqual([
      { outcome: 'quarantined', reason: 'missing-record', count: 2 },
      { outcome: 'stored', reason: '', count: 2 },
    ]);
  });

  it('leaves everything as it was when the database fails, and stores it the next time', async () => {
    await using line = await openJournalOf([10, 20]);
    await line.store.db.schema.alterTable('changes').renameTo('changes_away').execute();
    await expect(drainBatch(line.store, line.reader)).rejects.toThrow(/changes/);
    expect(await storedFills(line)).toEqual([]);
    await line.store.db.schema.alterTable('changes_away').renameTo('changes').execute();
    await drainBatch(line.store, line.reader);
    expect(await storedFills(line)).toEqual([10, 20]);
  });

  it('refuses to store a batch that another ingest has stored meanwhile', async () => {
    await using line = await openJournalOf([10]);
    const [first, second] = await Promise.allSettled([
      drainBatch(line.store, line.reader),
      drainBatch(line.store, line.reader),
    ]);
    expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect(await storedFills(line)).toEqual([10]);
  });
});
