import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Refusal } from '../exit-codes.ts';
import type { PartName } from './part-message.ts';
import { Supervisor } from './supervisor.ts';

const SAMPLE_PART = path.resolve(import.meta.dirname, 'testing/sample-part.ts');
const ALL: readonly PartName[] = ['broker', 'ingest', 'dashboard', 'simulator'];

let folder: string;
let notes: string;
let lines: string[];
let delays: number[];
let supervisor: Supervisor | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tunna-supervisor-'));
  notes = path.join(folder, 'notes');
  writeFileSync(notes, '');
  lines = [];
  delays = [];
});

afterEach(async () => {
  await supervisor?.stop();
  rmSync(folder, { recursive: true });
});

type Behaviour = 'ready' | 'crash' | 'refuse' | 'hang';

function supervise(
  behaviours: Partial<Record<PartName, Behaviour>>,
  stopDeadlineMs = 4_500,
): Supervisor {
  const parts = ALL.filter((name) => name in behaviours);
  supervisor = new Supervisor({
    parts,
    spawn: (part) =>
      fork(SAMPLE_PART, [behaviours[part] ?? 'ready', notes, part], {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        execArgv: [],
      }),
    onLine: (part, line) => lines.push(`${part}: ${line}`),
    onRestart: (_part, _how, delayMs) => delays.push(delayMs),
    backOff: { firstMs: 5, mostMs: 20, healthyMs: 60_000 },
    stopDeadlineMs,
  });
  return supervisor;
}

function readNotes(): string[] {
  return readFileSync(notes, 'utf8').trim().split('\n');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the supervisor', () => {
  test('is up once every part is ready, with all their addresses', async () => {
    const addresses = await supervise({ broker: 'ready', dashboard: 'ready' }).start();
    expect(addresses).toEqual({ broker: 'tcp://broker', dashboard: 'tcp://dashboard' });
    await vi.waitFor(() =>
      expect(lines.toSorted()).toEqual([
        'broker: hello from broker',
        'dashboard: hello from dashboard',
      ]),
    );
  });

  test('starts a part again that ends by itself, after ever longer pauses', async () => {
    await supervise({ ingest: 'crash' }).start();
    await vi.waitFor(() => expect(delays.slice(0, 4)).toEqual([5, 10, 20, 20]), 15_000);
    expect(readNotes().filter((note) => note.includes('started')).length).toBeGreaterThan(3);
  });

  test('starts a part again that somebody has killed', async () => {
    const running = supervise({ broker: 'ready' });
    await running.start();
    const first = running.pidOf('broker');
    if (first === undefined) throw new Error('The broker is not running');
    process.kill(first, 'SIGKILL');
    await vi.waitFor(() => {
      expect(running.pidOf('broker')).toBeTypeOf('number');
      expect(running.pidOf('broker')).not.toBe(first);
    }, 10_000);
  });

  test('a part that cannot start ends the whole with its message and exit code', async () => {
    const refused = await supervise({ broker: 'refuse', ingest: 'ready' })
      .start()
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({ message: 'broker: port 1883 is taken', exitCode: 69 });
    expect(delays).toEqual([]);
  });

  test('stops the parts one after the other, those that send first', async () => {
    await supervise({
      dashboard: 'ready',
      ingest: 'ready',
      broker: 'ready',
      simulator: 'ready',
    }).start();
    await supervisor?.stop();
    const stopped = readNotes().filter((note) => note.endsWith('SIGTERM'));
    expect(stopped.map((note) => note.split(' ')[0])).toEqual([
      'simulator',
      'broker',
      'ingest',
      'dashboard',
    ]);
  });

  test('kills a part that does not stop, and stops the others all the same', async () => {
    const running = supervise({ broker: 'hang', ingest: 'ready' }, 300);
    await running.start();
    const pids = [running.pidOf('broker'), running.pidOf('ingest')].map(Number);
    await running.stop();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(readNotes()).toEqual(expect.arrayContaining(['broker SIGTERM', 'ingest SIGTERM']));
  });

  test('does not start again what was waiting for it when everything stops', async () => {
    const running = supervise({ ingest: 'crash' });
    await running.start();
    await vi.waitFor(() => expect(delays.length).toBeGreaterThan(0), 10_000);
    await running.stop();
    expect(running.pidOf('ingest')).toBeUndefined();
  });
});
