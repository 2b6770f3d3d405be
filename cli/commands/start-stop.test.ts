import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TunnaShell } from '../testing/run-tunna.ts';
import type { StartedTunna } from '../testing/run-tunna.ts';
import {
  awaitOpenFile,
  awaitUp,
  childrenOf,
  isAlive,
  stoppedParts,
} from '../testing/watch-start.ts';

vi.setConfig({ testTimeout: 120_000 });

const NO_DEMO = { TUNNA_DEMO: '0' };

let shell: TunnaShell;
/** Parts of this test, which must not outlive it, whatever fails. */
let parts: number[];
beforeEach(() => {
  shell = new TunnaShell();
  parts = [];
});
afterEach(() => {
  for (const pid of parts.filter(isAlive)) process.kill(pid, 'SIGKILL');
  shell[Symbol.dispose]();
});

async function startUp(settings: Record<string, string> = NO_DEMO): Promise<StartedTunna> {
  const started = shell.start(['start'], settings);
  await awaitUp(started);
  parts.push(...childrenOf(started.child.pid));
  return started;
}

const startFile = (): string => path.join(shell.folder, 'data/start.json');

describe('tunna start stops in order', () => {
  test.each([
    ['at Ctrl-C in a terminal', 'SIGINT'],
    ['when its terminal is closed', 'SIGHUP'],
  ] as const)('%s, which everybody hears of', async (_, signal) => {
    const started = await startUp();
    for (const pid of parts) process.kill(pid, signal);
    started.child.kill(signal);
    await once(started.child, 'close');
    expect(started.child.exitCode).toBe(0);
    expect(stoppedParts(started.stdout())).toEqual(['broker', 'ingest', 'dashboard']);
    expect(parts.filter(isAlive)).toEqual([]);
  });

  test('and starts nothing again when a service manager ends everybody at once', async () => {
    const started = await startUp();
    for (const pid of [started.child.pid, ...parts]) process.kill(Number(pid), 'SIGTERM');
    await once(started.child, 'close');
    expect(started.child.exitCode).toBe(0);
    expect(stoppedParts(started.stdout()).toSorted()).toEqual(['broker', 'dashboard', 'ingest']);
    expect(started.stdout()).not.toContain('will be started again');
  });

  test('when npm is gone, which at SIGTERM ends without telling it', async () => {
    const npm = shell.startInShell(['start'], NO_DEMO);
    await awaitUp(npm);
    const [start = 0] = childrenOf(npm.child.pid);
    parts.push(start, ...childrenOf(start));
    expect(parts).toHaveLength(4);
    npm.child.kill('SIGKILL');
    // Its output is open as long as one of them lives.
    await once(npm.child, 'close');
    expect(stoppedParts(npm.stdout())).toEqual(['broker', 'ingest', 'dashboard']);
    // Nobody here is their parent any more: whoever took them in reaps them a moment later.
    await expect.poll(() => parts.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });

  test('also when nobody reads what it says any more', async () => {
    const started = await startUp();
    started.child.stdout.destroy();
    started.child.stderr.destroy();
    started.child.kill('SIGTERM');
    await once(started.child, 'exit');
    expect(started.child.exitCode).toBe(0);
    expect(parts.filter(isAlive)).toEqual([]);
    expect(existsSync(startFile())).toBe(false);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('or at once at a second %s', async (signal, exitCode) => {
    const started = await startUp();
    const [part] = parts;
    // It would be waited for.
    process.kill(Number(part), 'SIGSTOP');
    const again = setInterval(() => started.child.kill(signal), 100);
    await once(started.child, 'close');
    clearInterval(again);
    expect(started.child.exitCode).toBe(exitCode);
    expect(started.stdout()).toContain('ended at once, at a second signal');
    expect(started.stdout()).not.toContain('was killed');
    expect(existsSync(startFile())).toBe(false);
    await expect.poll(() => parts.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });

  test('and tells of a part that had to be killed', async () => {
    const started = await startUp();
    const [part] = parts;
    process.kill(Number(part), 'SIGSTOP');
    started.child.kill('SIGTERM');
    await once(started.child, 'close');
    expect(started.child.exitCode).toBe(0);
    expect(started.stdout()).toContain('a part did not stop in time and was killed');
    expect(parts.filter(isAlive)).toEqual([]);
  });
});

test('a signal before the parts run ends tunna start at once, and nothing is half done', async () => {
  mkdirSync(path.join(shell.folder, 'data'));
  const lock = new Sqlite(path.join(shell.folder, 'data/tunna.sqlite.migrating'));
  lock.exec('begin exclusive');
  const started = shell.start(['start'], NO_DEMO);
  await awaitOpenFile(started.child.pid, 'tunna.sqlite.migrating');
  started.child.kill('SIGINT');
  await once(started.child, 'close');
  expect(started.child.signalCode).toBe('SIGINT');
  lock.close();
  const again = await startUp();
  again.child.kill('SIGTERM');
  await once(again.child, 'close');
  expect(again.child.exitCode).toBe(0);
});

describe('tunna start that is killed', () => {
  test('leaves no part behind', async () => {
    const started = await startUp();
    started.child.kill('SIGKILL');
    await vi.waitFor(() => expect(parts.filter(isAlive)).toEqual([]), 15_000);
  });

  test('can be started again at once: the new one waits for the parts of the old one', async () => {
    const started = await startUp();
    const [slow] = parts;
    // It does not notice yet that it is alone.
    process.kill(Number(slow), 'SIGSTOP');
    started.child.kill('SIGKILL');
    await once(started.child, 'close');
    const again = shell.start(['start'], NO_DEMO);
    await awaitOpenFile(again.child.pid, 'parts.lock.sqlite');
    expect(isAlive(Number(slow))).toBe(true);
    process.kill(Number(slow), 'SIGCONT');
    await awaitUp(again);
    expect(isAlive(Number(slow))).toBe(false);
    expect(again.stdout()).not.toContain('will be started again');
    again.child.kill('SIGTERM');
    await once(again.child, 'close');
    expect(again.child.exitCode).toBe(0);
  });
});

test('a second tunna start on the same data folder is refused, and the first one goes on', async () => {
  const first = await startUp();
  const { exitCode, stderr } = await shell.run(['start'], NO_DEMO);
  expect(exitCode).toBe(69);
  expect(stderr).toMatch(
    new RegExp(`^tunna: another "tunna start" \\(process ${first.child.pid}\\) runs on .*\\n$`),
  );
  expect(stderr).toContain('TUNNA_DATA_DIR');
  expect(JSON.parse(readFileSync(startFile(), 'utf8'))).toEqual({ pid: first.child.pid });
  expect(parts.filter(isAlive)).toEqual(parts);
  first.child.kill('SIGTERM');
  await once(first.child, 'close');
});
