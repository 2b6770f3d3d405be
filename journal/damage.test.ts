import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { findJournals, findMovedAside } from './find-journals.ts';
import { openJournalReader } from './reader.ts';
import { openJournalWriter } from './writer.ts';

const RECORDS = 300;
const PAGE_BYTES = 4096;

let folder: string;
let file: string;
const SaidLine = z.looseObject({ msg: z.string() });
let said: z.output<typeof SaidLine>[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tunna-damage-'));
  file = join(folder, 'mqtt.sqlite');
  said = [];
  await append(RECORDS);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function append(count: number): Promise<void> {
  const stream = { write: (line: string) => void said.push(SaidLine.parse(JSON.parse(line))) };
  const writer = await openJournalWriter({ folder, door: 'mqtt', log: pino({}, stream) });
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      writer.append({
        ...{ receivedAtMs: index, principal: null, topic: 'bins/dev-1/up', qos: 1 },
        ...{ messageId: 1, dup: false, backfill: false, payload: Buffer.alloc(100, index) },
      }),
    ),
  );
  await writer.close();
}

/** Records that can be read from a journal, and numbers of those that cannot. */
function readAll(name: string): { readonly sound: number; readonly corrupt: number } {
  const reader = openJournalReader(name);
  try {
    let [sound, corrupt] = [0, 0];
    for (let seq = 0; ;) {
      const batch = reader.read(seq, RECORDS);
      const all = [...batch.records, ...batch.corrupt];
      if (all.length === 0) return { sound, corrupt };
      sound += batch.records.length;
      corrupt += batch.corrupt.length;
      seq = Math.max(...all.map((record) => record.seq));
    }
  } finally {
    reader.close();
  }
}

describe('a journal that cannot be read', () => {
  test.each([
    ['it is empty', () => truncateSync(file, 0)],
    ['it is no SQLite file', () => writeFileSync(file, 'not a database'.repeat(1000))],
    ['it is no SQLite file', () => overwrite(0, 100)],
    ['database disk image is malformed', () => truncateSync(file, 700)],
  ])('(%s) is moved aside as it is, and the door opens with a new one', async (reason, damage) => {
    damage();
    const before = readFileSync(file);
    await append(2);
    const [moved] = findMovedAside(folder);
    expect(moved).toMatch(/mqtt\.sqlite\.corrupt\.\d{8}t\d+z$/);
    expect(readFileSync(moved ?? '')).toEqual(before);
    expect(said).toMatchObject([
      { door: 'mqtt', reason, movedTo: moved, msg: expect.stringMatching(/moved aside/) },
    ]);
    expect(findJournals(folder)).toEqual([file]);
    expect(readAll(file)).toEqual({ sound: 2, corrupt: 0 });
  });
});

describe('a journal with damaged pages', () => {
  test('stays a journal under another name, so that what is sound in it is read', async () => {
    const pages = readFileSync(file).length / PAGE_BYTES;
    overwrite(Math.floor(pages / 2) * PAGE_BYTES, PAGE_BYTES);
    await append(2);
    const [moved = ''] = findMovedAside(folder);
    expect(moved).toMatch(/mqtt-damaged-\d{8}t\d+z\.sqlite$/);
    expect(findJournals(folder)).toEqual([moved, file]);
    const { sound, corrupt } = readAll(moved);
    expect(sound).toBeGreaterThan(RECORDS / 2);
    expect(sound).toBeLessThan(RECORDS);
    expect(sound + corrupt).toBeLessThanOrEqual(RECORDS);
    expect(readAll(file)).toEqual({ sound: 2, corrupt: 0 });
    expect(said).toHaveLength(1);
  });

  test('takes its WAL along, with the newest records in it', async () => {
    // As after a kill: nobody has written the WAL back to the file.
    const killed = new Sqlite(file);
    killed.exec('delete from records where seq = 1');
    expect(readdirSync(folder)).toContain('mqtt.sqlite-wal');
    for (const end of ['', '-wal']) copyFileSync(`${file}${end}`, `${file}${end}.kept`);
    killed.close();
    for (const end of ['', '-wal']) renameSync(`${file}${end}.kept`, `${file}${end}`);
    const pages = readFileSync(file).length / PAGE_BYTES;
    overwrite(Math.floor(pages / 2) * PAGE_BYTES, PAGE_BYTES);
    await append(2);
    const [moved = ''] = findMovedAside(folder);
    const reader = openJournalReader(moved);
    expect(reader.read(0, 1).records.map(({ seq }) => seq)).toEqual([2]);
    reader.close();
  });
});

describe('a sound journal', () => {
  test('is left alone', async () => {
    await append(2);
    expect(findMovedAside(folder)).toEqual([]);
    expect(said).toEqual([]);
    expect(readAll(file)).toEqual({ sound: RECORDS + 2, corrupt: 0 });
  });
});

function overwrite(offset: number, length: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0x55, offset, offset + length);
  writeFileSync(file, bytes);
}
