import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { openJournalReader } from '../../journal/reader.ts';
import { needs } from '../servers/needs.ts';
import { requireProgram } from '../servers/programs.ts';
import { toEntry } from './numbered-entry.ts';

// Dozens of processes under strace.
vi.setConfig({ testTimeout: 240_000 });

const ENTRIES = 40;
const PROCESS = path.join(import.meta.dirname, 'stubborn-journal-process.ts');

interface Outcome {
  readonly acknowledged: number;
  readonly refused: number;
  /** Acknowledged, and not in the journal. */
  readonly lost: readonly number[];
}

/** Fills a journal while a call of its fails as `fault` says, in the words of strace's `inject`. */
async function fillWhile(call: string, fault: string, patience: number): Promise<Outcome> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tunna-disk-'));
  try {
    const strace = requireProgram('strace');
    const inject = [
      '-f',
      '-o',
      '/dev/null',
      '-e',
      `trace=${call}`,
      '-e',
      `inject=${call}:${fault}`,
    ];
    const args = [PROCESS, folder, String(ENTRIES), String(patience)];
    // A journal that cannot even be made ends the process, which is as good as any refusal.
    await promisify(execFile)(strace.path, [...inject, process.execPath, ...args], {
      env: strace.env,
    }).catch(() => {});
    return judge(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function judge(folder: string): Outcome {
  const file = path.join(folder, 'marks');
  const marks = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const acknowledged = marks
    .filter((mark) => mark.startsWith('ACK'))
    .map((mark) => Number(mark.slice(4)));
  const refused = marks.filter((mark) => mark.startsWith('NACK')).length;
  const found =
    acknowledged.length === 0 ? [] : readPayloads(path.join(folder, 'journals/mqtt.sqlite'));
  const lost = acknowledged.filter((number) => !found.includes(toEntry(number).payload.toString()));
  return { acknowledged: acknowledged.length, refused, lost };
}

function readPayloads(file: string): string[] {
  const reader = openJournalReader(file);
  try {
    const { records, corrupt } = reader.read(0, 10_000);
    expect(corrupt).toEqual([]);
    return records.map(({ payload }) => Buffer.from(payload).toString());
  } finally {
    reader.close();
  }
}

/** Calls to fail: the first ones make the files, later ones are in the midst of commits. */
const PLACES = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89];

needs('strace')('a disk that fails', () => {
  test.each([
    ['pwrite64', 'ENOSPC'],
    ['pwrite64', 'EIO'],
    ['fsync', 'EIO'],
  ])(
    '(%s: %s) once, at any call, costs no acknowledged entry, and the journal goes on',
    async (call, error) => {
      let refused = 0;
      for (const place of PLACES) {
        const outcome = await fillWhile(call, `error=${error}:when=${place}`, 1_000);
        expect({ place, lost: outcome.lost }).toEqual({ place, lost: [] });
        // One that failed while the journal was being made has ended the process.
        expect([0, ENTRIES]).toContain(outcome.acknowledged);
        refused += outcome.refused;
      }
      expect(refused).toBeGreaterThan(0);
    },
  );

  test.each([
    ['pwrite64', 'ENOSPC'],
    ['fsync', 'EIO'],
  ])('(%s: %s) for good acknowledges nothing more, and keeps what it had', async (call, error) => {
    const places = PLACES.filter((place) => place > 10);
    const before: number[] = [];
    for (const place of places) {
      const outcome = await fillWhile(call, `error=${error}:when=${place}+`, 20);
      expect({ place, lost: outcome.lost }).toEqual({ place, lost: [] });
      before.push(outcome.acknowledged);
    }
    expect(Math.min(...before)).toBeLessThan(ENTRIES);
    expect(Math.max(...before)).toBeGreaterThan(0);
  });

  test('that is only slow is waited for', async () => {
    const outcome = await fillWhile('fsync', 'delay_enter=20000', 1);
    expect(outcome).toEqual({ acknowledged: ENTRIES, refused: 0, lost: [] });
  });
});
