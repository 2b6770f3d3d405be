import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, test, vi } from 'vitest';
import { openJournalReader } from '../journal/reader.ts';
import { moveCursor } from '../store/cursors.ts';
import { TestTown } from './testing/test-town.ts';

let town: TestTown;

afterEach(async () => {
  await town[Symbol.asyncDispose]();
});

test('what ingest has stored is deleted from the journal, but for the newest records', async () => {
  town = await TestTown.open({ limits: { pruneIntervalMs: 50, recordsKept: 3 } });
  const client = await town.connect('dev-1', await town.add('dev-1'));
  for (let id = 1; id <= 10; id += 1) await client.publishAsync('bins/dev-1/up', 'x', { qos: 1 });
  const reader = openJournalReader(town.journalFile);
  const { id, door } = reader;
  const seqs = (): number[] => reader.read(0, 100).records.map(({ seq }) => seq);
  const advance = (fromSeq: number, toSeq: number): Promise<void> =>
    town.store.db
      .transaction()
      .execute((trx) => moveCursor(trx, { journal: id, door, fromSeq, toSeq }));
  await advance(0, 4);
  await vi.waitFor(() => expect(seqs()).toEqual([5, 6, 7, 8, 9, 10]));
  await advance(4, 10);
  await vi.waitFor(() => expect(seqs()).toEqual([8, 9, 10]));
  reader.close();
});

test('what comes after a journal was restored from an older copy is news to ingest', async () => {
  town = await TestTown.open();
  const token = await town.add('dev-1');
  const publish = async (text: string): Promise<void> => {
    const client = await town.connect('dev-1', token);
    await client.publishAsync('bins/dev-1/up', text, { qos: 1 });
  };
  await publish('in the copy');
  const copy = join(town.folder, 'copy.sqlite');
  const journal = new Sqlite(town.journalFile);
  journal.prepare('vacuum into ?').run(copy);
  journal.close();
  await publish('stored after the copy was made');
  const reader = openJournalReader(town.journalFile);
  const cursor = { journal: reader.id, door: reader.door, fromSeq: 0, toSeq: 2 };
  reader.close();
  await town.store.db.transaction().execute((trx) => moveCursor(trx, cursor));
  await town.broker.stop();
  for (const end of ['-wal', '-shm']) rmSync(`${town.journalFile}${end}`, { force: true });
  renameSync(copy, town.journalFile);

  await town.startBroker();
  await publish('after the restore');
  const behindCursor = town.readJournal().filter(({ seq }) => seq > cursor.toSeq);
  expect(behindCursor.map(({ payload }) => String(payload))).toEqual(['after the restore']);
});

test('the metrics tell of connections, messages and commits', async () => {
  town = await TestTown.open();
  const client = await town.connect('dev-1', await town.add('dev-1'));
  await client.publishAsync('bins/dev-1/up', 'x', { qos: 1 });
  await expect(town.connect('dev-1', 'wrong')).rejects.toThrow();
  const text = await town.broker.registry.metrics();
  for (const line of [
    'tunna_broker_connections 1',
    'tunna_broker_messages_total{outcome="journaled"} 1',
    'tunna_broker_acknowledged_total 1',
    'tunna_broker_refused_total{reason="credentials"} 1',
    'tunna_broker_journal_commit_seconds_count 1',
    'tunna_broker_journal_failing 0',
    'tunna_broker_journal_pending_records 0',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});

test('stopping disconnects everybody, and may be done twice', async () => {
  town = await TestTown.open();
  const peer = await town.openPeer();
  const token = await town.add('dev-1');
  peer.sendConnect('dev-1', token);
  const silent = await town.openPeer();
  await vi.waitFor(() => expect(peer.of('connack')).toHaveLength(1));
  await town.broker.stop();
  await town.broker.stop();
  await vi.waitFor(() => expect([peer.closed, silent.closed]).toEqual([true, true]));
});
