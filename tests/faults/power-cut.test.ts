import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { openJournalReader } from '../../journal/reader.ts';
import { createRandom } from '../../simulator/random.ts';
import { needs } from '../servers/needs.ts';
import { requireProgram } from '../servers/programs.ts';
import { toEntry } from './numbered-entry.ts';
import { sabotageEnv } from './sabotage.ts';
import { readTrace, STRACE_ARGS, TracedDisk } from './traced-disk.ts';

/** Enough for SQLite to write its WAL back to the file more than once. */
const ENTRIES = 300;
/** Images for each acknowledgement beside the worst one. */
const TORN_IMAGES = 1;
const SEED = 20_261_124;
const PROCESS = path.join(import.meta.dirname, 'journal-process.ts');

// Some six hundred databases are opened and checked.
vi.setConfig({ testTimeout: 240_000 });

const folders: string[] = [];
function makeFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `tunna-${name}-`));
  folders.push(folder);
  return folder;
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** Lets a process fill a journal under strace until it kills itself. Returns the trace. */
async function traceJournal(env: Record<string, string> = {}): Promise<string> {
  const folder = makeFolder('traced');
  const trace = path.join(folder, 'trace');
  const strace = requireProgram('strace');
  const args = [...STRACE_ARGS, '-o', trace, process.execPath, PROCESS, folder, String(ENTRIES)];
  const ended = promisify(execFile)(strace.path, args, { env: { ...strace.env, ...env } });
  await ended.then(
    () => Promise.reject(new Error('The process ended by itself')),
    (error: unknown) => expect(error).toMatchObject({ signal: 'SIGKILL' }),
  );
  return readFileSync(trace, 'utf8');
}

/** What is missing or wrong in a journal that a power cut left behind, of what had been acknowledged. */
function findLoss(files: ReadonlyMap<string, Buffer>, acknowledged: number): string[] {
  const folder = makeFolder('image');
  for (const [name, bytes] of files) {
    if (/mqtt\.sqlite(-wal)?$/.test(name))
      writeFileSync(path.join(folder, path.basename(name)), bytes);
  }
  try {
    return checkJournal(path.join(folder, 'mqtt.sqlite'), acknowledged);
  } catch (error) {
    return [String(error)];
  } finally {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
  }
}

function checkJournal(file: string, acknowledged: number): string[] {
  const database = new Sqlite(file);
  const integrity = database.pragma('integrity_check', { simple: true });
  database.close();
  if (integrity !== 'ok') return [String(integrity)];
  const reader = openJournalReader(file);
  try {
    const { records, corrupt } = reader.read(0, ENTRIES + 1);
    const found = new Map(records.map((record) => [record.seq, record]));
    const lost = Array.from({ length: acknowledged }, (_, index) => index + 1).filter((number) => {
      const payload = found.get(number)?.payload;
      return (
        payload === undefined || !toEntry(number).payload.every((byte, at) => byte === payload[at])
      );
    });
    return [
      ...(lost.length === 0 ? [] : [`lost ${lost.join(', ')}`]),
      ...(corrupt.length === 0 ? [] : [`corrupt ${corrupt.map(({ seq }) => seq).join(', ')}`]),
    ];
  } finally {
    reader.close();
  }
}

/** Cuts the power at every acknowledgement, in several ways. Returns every loss, with how to come by it again. */
function cutEverywhere(trace: string): { acknowledged: number; images: number; losses: string[] } {
  const random = createRandom(SEED);
  const disk = new TracedDisk();
  const result = { acknowledged: 0, images: 0, losses: new Array<string>() };
  for (const event of readTrace(trace)) {
    if (event.kind !== 'acknowledge') {
      disk.apply(event);
      continue;
    }
    result.acknowledged = event.number;
    for (let image = 0; image <= TORN_IMAGES; image += 1) {
      const files = disk.cut(image === 0 ? () => false : () => random.chance(0.5));
      result.images += 1;
      for (const loss of findLoss(files, event.number)) {
        result.losses.push(`at ACK ${event.number}, image ${image}, seed ${SEED}: ${loss}`);
      }
    }
  }
  return result;
}

needs('strace')('a power cut', () => {
  test('at any acknowledgement loses nothing of the journal that was acknowledged', async () => {
    const { acknowledged, images, losses } = cutEverywhere(await traceJournal());
    expect(losses.slice(0, 20)).toEqual([]);
    expect({ acknowledged, images }).toEqual({
      acknowledged: ENTRIES,
      images: ENTRIES * (TORN_IMAGES + 1),
    });
  });

  test('loses acknowledged entries when the journal does not wait for the disk', async () => {
    const { losses } = cutEverywhere(await traceJournal(sabotageEnv('relaxed-sync')));
    expect(losses.length).toBeGreaterThan(ENTRIES / 2);
  });
});

describe('a disk that is traced', () => {
  const write = (at: string, text: string): string =>
    `7 pwrite64(20<${hex('/d/a')}>, "${hex(text)}", ${text.length}, ${at}) = ${text.length}`;
  const sync = `7 fsync(20<${hex('/d/a')}>) = 0`;

  function cutAfter(...lines: string[]): string | undefined {
    const disk = new TracedDisk();
    for (const event of readTrace(lines.join('\n')))
      if (event.kind !== 'acknowledge') disk.apply(event);
    return disk
      .cut(() => false)
      .get('/d/a')
      ?.toString();
  }

  test('keeps for certain only what was synced', () => {
    expect(cutAfter(write('0', 'one'), sync, write('0', 'two'))).toBe('one');
    expect(cutAfter(write('0', 'one'), sync, write('3', 'two'), sync)).toBe('onetwo');
    expect(cutAfter(write('0', 'one'), `7 fsync(20<${hex('/d/a')}> <unfinished ...>`)).toBe('');
    expect(
      cutAfter(
        write('0', 'one'),
        `7 fsync(20<${hex('/d/a')}> <unfinished ...>`,
        '7 <... fsync resumed>) = 0',
        `7 ftruncate(20<${hex('/d/a')}>, 1) = 0`,
        sync,
      ),
    ).toBe('o');
    expect(cutAfter(write('0', 'one'), `7 fsync(20<${hex('/d/a')}>) = -1 EIO`)).toBe('');
  });
});

function hex(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
