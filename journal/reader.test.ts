import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findJournals } from './find-journals.ts';
import { openJournalReader } from './reader.ts';
import { openJournalWriter } from './writer.ts';
import type { JournalWriter } from './journal-writer.ts';

let folder: string;
let writer: JournalWriter;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tunna-journal-'));
  writer = await openJournalWriter({ folder, door: 'mqtt' });
});

afterEach(async () => {
  await writer.close();
  rmSync(folder, { recursive: true, force: true });
});

async function append(payload: string): Promise<void> {
  await writer.append({
    receivedAtMs: 1,
    principal: null,
    topic: 't',
    payload: Buffer.from(payload),
    qos: 0,
    messageId: null,
    dup: false,
    backfill: false,
  });
}

test('a reader knows its journal by the same id as the writer', () => {
  const reader = openJournalReader(writer.file);
  expect(reader).toMatchObject({ id: writer.id, door: 'mqtt', file: writer.file });
  reader.close();
});

test('a reader has news at first and after each commit, until it reads', async () => {
  const reader = openJournalReader(writer.file);
  expect(reader.hasNews()).toBe(true);
  expect(reader.read(0, 10)).toEqual({ records: [], corrupt: [] });
  expect(reader.hasNews()).toBe(false);
  await append('a');
  expect(reader.hasNews()).toBe(true);
  expect(reader.read(0, 10).records).toHaveLength(1);
  expect(reader.hasNews()).toBe(false);
  expect(reader.newestSeq()).toBe(1);
  reader.close();
});

test('a read ends at the limit of records or of bytes, but gives one at least', async () => {
  for (const text of ['aaaa', 'bbbb', 'cccc', 'dddd']) await append(text);
  const reader = openJournalReader(writer.file);
  const seqs = (...args: [number, number, number?]): number[] =>
    reader.read(...args).records.map(({ seq }) => seq);
  expect(seqs(0, 3)).toEqual([1, 2, 3]);
  expect(seqs(3, 3)).toEqual([4]);
  expect(seqs(0, 10, 8)).toEqual([1, 2]);
  expect(seqs(0, 10, 1)).toEqual([1]);
  reader.close();
});

test('journals are found by name, without their locks, and none where there is no folder', async () => {
  const second = await openJournalWriter({ folder, door: 'http' });
  writeFileSync(join(folder, 'notes.txt'), '');
  expect(findJournals(folder)).toEqual([second.file, writer.file]);
  await second.close();
  expect(findJournals(join(folder, 'absent'))).toEqual([]);
});

test('a file that is not a journal yet is refused', () => {
  const file = join(folder, 'empty.sqlite');
  writeFileSync(file, '');
  expect(() => openJournalReader(file)).toThrow(/not a journal/);
});
