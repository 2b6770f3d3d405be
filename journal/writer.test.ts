import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Worker } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openJournalReader } from './reader.ts';
import type { JournalEntry } from './record.ts';
import { openJournalWriter } from './writer.ts';
import type { JournalWriter, JournalWriterOptions } from './journal-writer.ts';

const WRITER_URL = new URL('./writer.ts', import.meta.url).href;

let folder: string;
let open: JournalWriter[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunna-journal-'));
  open = [];
});

afterEach(async () => {
  for (const writer of open) await writer.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openWriter(options: Partial<JournalWriterOptions> = {}): Promise<JournalWriter> {
  const writer = await openJournalWriter({ folder, door: 'mqtt', ...options });
  open.push(writer);
  return writer;
}

function entryOf(payload: string | Uint8Array, change: Partial<JournalEntry> = {}): JournalEntry {
  return {
    receivedAtMs: 1_790_000_000_000,
    principal: 'dev-1',
    topic: 'bins/dev-1/up',
    payload: Buffer.from(payload),
    qos: 1,
    messageId: 7,
    dup: false,
    backfill: false,
    ...change,
  };
}

function readAll(file: string) {
  const reader = openJournalReader(file);
  try {
    return reader.read(0, 1_000_000);
  } finally {
    reader.close();
  }
}

const readPayloads = (file: string): string[] =>
  readAll(file).records.map(({ payload }) => String(payload));

test('another connection sees the record when its append resolves', async () => {
  const writer = await openWriter();
  const other = new Sqlite(writer.file, { readonly: true });
  for (let seq = 1; seq <= 20; seq += 1) {
    await writer.append(entryOf(`message ${seq}`));
    const row = other.prepare('select seq, payload from records order by seq desc limit 1').get();
    expect(row).toEqual({ seq, payload: Buffer.from(`message ${seq}`) });
  }
  other.close();
});

test('the journal is in WAL mode and its commits are fully synchronous', async () => {
  const writer = await openWriter();
  const other = new Sqlite(writer.file, { readonly: true });
  expect(other.pragma('journal_mode', { simple: true })).toBe('wal');
  other.close();
});

test('appends resolve in the order they were made, and share commits', async () => {
  const commits: number[] = [];
  const writer = await openWriter({ onCommit: ({ records }) => commits.push(records) });
  const done: number[] = [];
  await Promise.all(
    Array.from({ length: 3_000 }, (_, index) =>
      writer.append(entryOf(`${index}`)).then(() => done.push(index)),
    ),
  );
  const expected = Array.from({ length: 3_000 }, (_, index) => index);
  expect(done).toEqual(expected);
  expect(readPayloads(writer.file)).toEqual(expected.map(String));
  expect(commits.reduce((sum, records) => sum + records, 0)).toBe(3_000);
  expect(commits.length).toBeLessThan(30);
  expect(writer).toMatchObject({ pendingRecords: 0, pendingBytes: 0, newestSeq: 3_000 });
});

test('every field comes back as it was, whatever it holds', async () => {
  const writer = await openWriter();
  const entries = [
    entryOf('', { principal: null, messageId: null, qos: 0 }),
    entryOf(Buffer.from([0, 255, 10]), { topic: 'bins/å😀\u0000x/up', qos: 2, dup: true }),
    entryOf('b'.repeat(200_000), { backfill: true, receivedAtMs: 0, messageId: 65_535 }),
    entryOf('é', { principal: '', topic: '' }),
  ];
  await Promise.all(entries.map((entry) => writer.append(entry)));
  const { records, corrupt } = readAll(writer.file);
  expect(corrupt).toEqual([]);
  expect(records).toEqual(entries.map((entry, index) => ({ ...entry, seq: index + 1 })));
});

test('close commits what was appended and then refuses more', async () => {
  const writer = await openWriter();
  const appended = Array.from({ length: 2_500 }, (_, index) => writer.append(entryOf(`${index}`)));
  await writer.close();
  await Promise.all(appended);
  expect(readPayloads(writer.file)).toHaveLength(2_500);
  await expect(writer.append(entryOf('late'))).rejects.toMatchObject({ code: 'CLOSED' });
});

test('a second writer of the same door is refused until the first is closed', async () => {
  const first = await openWriter();
  await expect(openJournalWriter({ folder, door: 'mqtt' })).rejects.toThrow(/one at a time/);
  const elsewhere = await openWriter({ door: 'http' });
  expect(elsewhere.id).not.toBe(first.id);
  await first.close();
  const second = await openWriter();
  expect(second.id).toBe(first.id);
});

test('a name that could leave the folder is no door', async () => {
  for (const door of ['../up', 'a.lock', '', 'A']) {
    await expect(openJournalWriter({ folder, door })).rejects.toThrow(/not a door/);
  }
});

test('numbers go on after pruning everything and opening again', async () => {
  const writer = await openWriter();
  await Promise.all(Array.from({ length: 2_500 }, () => writer.append(entryOf('x'))));
  await writer.prune(2_500);
  expect(readPayloads(writer.file)).toEqual([]);
  await writer.close();
  const again = await openWriter();
  expect(again.newestSeq).toBe(2_500);
  await again.append(entryOf('next'));
  expect(readAll(again.file).records.map(({ seq }) => seq)).toEqual([2_501]);
});

test('appends made while pruning are kept and pruning reaches its end', async () => {
  const writer = await openWriter();
  await Promise.all(Array.from({ length: 3_500 }, () => writer.append(entryOf('old'))));
  const pruned = writer.prune(3_500);
  await Promise.all(Array.from({ length: 200 }, () => writer.append(entryOf('new'))));
  await pruned;
  expect(readPayloads(writer.file)).toEqual(Array.from({ length: 200 }, () => 'new'));
});

describe('a journal that was restored from a copy', () => {
  test('goes on behind what was stored of it, so that nothing new passes for old', async () => {
    const writer = await openWriter();
    for (const text of ['one', 'two', 'three']) await writer.append(entryOf(text));
    const copy = join(folder, 'copy.sqlite');
    const other = new Sqlite(writer.file, { readonly: true });
    other.prepare('vacuum into ?').run(copy);
    other.close();
    for (const text of ['four', 'five']) await writer.append(entryOf(text));
    await writer.close();
    for (const end of ['', '-wal', '-shm']) rmSync(`${writer.file}${end}`, { force: true });
    renameSync(copy, writer.file);

    const asked: string[] = [];
    const storedThrough = async (id: string): Promise<number> => asked.push(id) && 5;
    const restored = await openWriter({ storedThrough });
    expect(asked).toEqual([writer.id]);
    expect(restored.newestSeq).toBe(5);
    await restored.append(entryOf('new'));
    expect(readAll(restored.file).records.map(({ seq }) => seq)).toEqual([1, 2, 3, 6]);
  });

  test('and then pruned as a whole goes on behind what was stored, too', async () => {
    const restored = await openWriter({ storedThrough: async () => 7 });
    await restored.append(entryOf('first of an empty file'));
    expect(restored.newestSeq).toBe(8);
  });

  test('cannot be opened while nobody knows how far it was stored', async () => {
    const storedThrough = (): Promise<number> => Promise.reject(new Error('no database'));
    await expect(openWriter({ storedThrough })).rejects.toThrow('no database');
    await openWriter();
  });
});

test('when its thread ends, whoever waits is told, and the journal opens again by itself', async () => {
  const threads: Worker[] = [];
  const collect = (worker: Worker): void => void threads.push(worker);
  process.on('worker', collect);
  try {
    const log = { info: vi.fn(), error: vi.fn() };
    const writer = await openWriter({ log });
    await writer.append(entryOf('before'));
    const lost = writer.append(entryOf('lost'));
    await threads[0]?.terminate();
    await expect(lost).rejects.toMatchObject({ code: 'WORKER' });
    await expect(writer.append(entryOf('too early'))).rejects.toMatchObject({ code: 'WORKER' });
    expect(writer).toMatchObject({ failing: true, pendingRecords: 0, pendingBytes: 0 });
    await vi.waitFor(() => writer.append(entryOf('after')), { timeout: 10_000, interval: 50 });
    expect(writer.failing).toBe(false);
    expect(threads).toHaveLength(2);
    const payloads = readPayloads(writer.file);
    expect(payloads.filter((text) => text !== 'lost')).toEqual(['before', 'after']);
  } finally {
    process.off('worker', collect);
  }
});

test('an append beyond the bounds is refused, and taken again when there is room', async () => {
  const writer = await openWriter({ maxPendingRecords: 10 });
  const results = await Promise.allSettled(
    Array.from({ length: 25 }, (_, index) => writer.append(entryOf(`${index}`))),
  );
  const refused = results.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(15);
  expect(refused[0]).toMatchObject({ reason: { code: 'NO_ROOM' } });
  expect(writer.hasRoom).toBe(true);
  await writer.append(entryOf('again'));
  expect(readPayloads(writer.file)).toHaveLength(11);
});

test('pending bytes have a bound of their own', async () => {
  const writer = await openWriter({ maxPendingBytes: 1_000 });
  const first = writer.append(entryOf('x'.repeat(2_000)));
  expect(writer.hasRoom).toBe(false);
  await expect(writer.append(entryOf('y'))).rejects.toMatchObject({ code: 'NO_ROOM' });
  await first;
});

function writeScript(source: string): string {
  const file = join(folder, 'script.mjs');
  writeFileSync(file, source);
  return file;
}

/** A process that appends numbers without end and prints each one whose append has resolved. */
const APPEND_WITHOUT_END = `
  const { openJournalWriter } = await import(${JSON.stringify(WRITER_URL)});
  const writer = await openJournalWriter({ folder: process.env.FOLDER, door: 'mqtt' });
  let next = 0;
  const lane = async () => {
    for (;;) {
      const number = next++;
      await writer.append({ receivedAtMs: number, principal: 'p', topic: 't', qos: 1, messageId: 1,
        payload: Buffer.from(String(number)), dup: false, backfill: false });
      process.stdout.write(number + '\\n');
    }
  };
  for (let i = 0; i < 50; i += 1) void lane();`;

test('kill -9 under load loses nothing that was acknowledged and frees the door', async () => {
  const acknowledged: string[] = [];
  for (let round = 1; round <= 3; round += 1) {
    const child = spawn(process.execPath, [writeScript(APPEND_WITHOUT_END)], {
      env: { ...process.env, FOLDER: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const before = acknowledged.length;
    createInterface(child.stdout).on('line', (line) => {
      acknowledged.push(line);
      if (acknowledged.length === before + 300 * round) child.kill('SIGKILL');
    });
    const [, signal] = await exited;
    expect(signal).toBe('SIGKILL');
    const writer = await openJournalWriter({ folder, door: 'mqtt' });
    const { records, corrupt } = readAll(writer.file);
    await writer.close();
    expect(corrupt).toEqual([]);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
    // Each round counts from 0 again, so compare how often each number is there.
    const stored = countEach(records.map(({ payload }) => String(payload)));
    for (const [number, times] of countEach(acknowledged)) {
      expect(stored.get(number) ?? 0, `message ${number}`).toBeGreaterThanOrEqual(times);
    }
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(1_800);
});

function countEach(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** A process that lets no file grow for a while (EFBIG, an I/O error to SQLite), and appends before, during and after. */
const APPEND_ACROSS_IO_ERROR = `
  import { execFileSync } from 'node:child_process';
  import { statSync } from 'node:fs';
  const { openJournalWriter } = await import(${JSON.stringify(WRITER_URL)});
  process.on('SIGXFSZ', () => {});
  const limit = (bytes) =>
    execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=' + bytes + ':unlimited']);
  const writer = await openJournalWriter({ folder: process.env.FOLDER, door: 'mqtt' });
  const append = (text) => writer.append({ receivedAtMs: 1, principal: 'p', topic: 't', qos: 1,
    messageId: 1, payload: Buffer.from(text), dup: false, backfill: false })
    .then(() => 'ok', (error) => error.code);
  const outcomes = [await append('before')];
  limit(statSync(writer.file + '-wal').size);
  outcomes.push(await append('during'), writer.failing);
  outcomes.push(await append('still'), writer.failing);
  limit('unlimited');
  outcomes.push(await append('after'), writer.failing);
  await writer.close();
  console.log(JSON.stringify(outcomes));`;

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;

test.skipIf(!hasPrlimit)(
  'an I/O error rejects the append, and the journal works again when the disk does (needs prlimit)',
  () => {
    const child = spawnSync(process.execPath, [writeScript(APPEND_ACROSS_IO_ERROR)], {
      env: { ...process.env, FOLDER: folder },
      encoding: 'utf8',
    });
    expect(child.stderr).toBe('');
    const [before, during, failing, still, failingStill, after, failingAfter] = JSON.parse(
      child.stdout,
    ) as unknown[];
    expect(before).toBe('ok');
    expect(during).toMatch(/^SQLITE_IOERR/);
    expect([failing, failingStill, failingAfter]).toEqual([true, true, false]);
    expect(still).not.toBe('ok');
    expect(after).toBe('ok');
    expect(readPayloads(join(folder, 'mqtt.sqlite'))).toEqual(['before', 'after']);
  },
);

describe('on a full disk', () => {
  const disk = mkdtempSync(join(tmpdir(), 'tunna-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status === 0;

  test.skipIf(!mounted)(
    'appends are rejected, and taken again within seconds of space (needs the right to mount a tmpfs)',
    async () => {
      try {
        const writer = await openWriter({ folder: join(disk, 'journals') });
        const outcomes: string[] = [];
        const append = async (): Promise<void> => {
          await writer.append(entryOf('x'.repeat(20_000))).then(
            () => outcomes.push('ok'),
            (error: { code: string }) => outcomes.push(error.code),
          );
        };
        while (!outcomes.includes('SQLITE_FULL') && outcomes.length < 500) await append();
        expect(outcomes.at(-1)).toBe('SQLITE_FULL');
        expect(writer.failing).toBe(true);
        expect(readPayloads(writer.file)).toHaveLength(outcomes.length - 1);
        spawnSync('mount', ['-o', 'remount,size=8m', disk]);
        await vi.waitFor(async () => {
          await append();
          expect(outcomes.at(-1)).toBe('ok');
        });
        expect(writer.failing).toBe(false);
        const kept = outcomes.filter((outcome) => outcome === 'ok').length;
        expect(readPayloads(writer.file)).toHaveLength(kept);
        await writer.close();
      } finally {
        spawnSync('umount', [disk]);
        rmSync(disk, { recursive: true, force: true });
      }
    },
  );
});

describe('on a disk that changes what it keeps', () => {
  /** Flips one bit inside the payload of a message, in the closed file. */
  function damage(file: string, text: string): void {
    const bytes = readFileSync(file);
    const at = bytes.indexOf(text);
    expect(at).toBeGreaterThan(0);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  }

  test('a flipped bit is reported and the records around it are read', async () => {
    const writer = await openWriter();
    for (const text of ['first one', 'second one', 'third one']) {
      await writer.append(entryOf(text));
    }
    await writer.close();
    damage(writer.file, 'second one');
    const { records, corrupt } = readAll(writer.file);
    expect(records.map(({ seq }) => seq)).toEqual([1, 3]);
    expect(corrupt).toEqual([{ seq: 2 }]);
  });

  test('a page that SQLite calls malformed does not stop the reader', async () => {
    const writer = await openWriter();
    for (let index = 0; index < 300; index += 1) {
      await writer.append(entryOf(`message ${index} ${'.'.repeat(100)}`));
    }
    await writer.close();
    const bytes = readFileSync(writer.file);
    const page = bytes.readUInt16BE(16);
    const start = Math.floor(bytes.indexOf('message 150 ') / page) * page;
    bytes.fill(0xff, start, start + page);
    writeFileSync(writer.file, bytes);
    const reader = openJournalReader(writer.file);
    const seen: number[] = [];
    for (let after = 0; after < 300;) {
      const { records, corrupt } = reader.read(after, 40);
      const seqs = [...records, ...corrupt].map(({ seq }) => seq);
      expect(seqs.length).toBeGreaterThan(0);
      seen.push(...seqs);
      after = Math.max(...seqs);
    }
    reader.close();
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  });

  test('a file of another format is refused', async () => {
    const writer = await openWriter();
    await writer.close();
    const database = new Sqlite(writer.file);
    database.prepare("update meta set value = '99' where key = 'format'").run();
    database.close();
    expect(() => openJournalReader(writer.file)).toThrow(/format 99/);
    await expect(openJournalWriter({ folder, door: 'mqtt' })).rejects.toThrow(/format 99/);
  });
});

test('the WAL does not grow with the number of messages', async () => {
  const writer = await openWriter();
  for (let round = 0; round < 30; round += 1) {
    await Promise.all(Array.from({ length: 500 }, () => writer.append(entryOf('x'.repeat(1_000)))));
  }
  expect(statSync(`${writer.file}-wal`).size).toBeLessThan(32 * 1024 * 1024);
});

test('a folder that cannot be made is an error of opening', async () => {
  const file = join(folder, 'file');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, '');
  await expect(openJournalWriter({ folder: join(file, 'x'), door: 'mqtt' })).rejects.toThrow();
});
