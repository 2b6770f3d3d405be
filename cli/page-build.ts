import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { EXIT, Refusal } from './exit-codes.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Where the built page lies. */
export const PAGE_FOLDER = path.join(ROOT, 'dashboard/web/dist');

const BUILT_PAGE = path.join(PAGE_FOLDER, 'index.html');

/** Everything the page is made of. */
const SOURCES = ['dashboard/web', 'dashboard/api', 'domain', 'package-lock.json'];

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function isPageBuilt(): boolean {
  return existsSync(BUILT_PAGE);
}

/** Whether the page is built, and newer than what it is made of. */
export function isPageFresh(): boolean {
  if (!isPageBuilt()) return false;
  const builtAtMs = statSync(BUILT_PAGE).mtimeMs;
  return SOURCES.every((source) => newestMs(path.join(ROOT, source)) <= builtAtMs);
}

/**
 * Builds the page, in a process of its own: Vite sets `NODE_ENV` for its process, and its memory is free again afterwards.
 * Throws a {@link Refusal} with what Vite said.
 */
export async function buildPage(): Promise<void> {
  const vite = path.join(ROOT, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', 'dashboard/web', '--logLevel', 'warn'];
  // The page is no secret, and whoever serves it may be another user than the one who builds it.
  const ours = process.umask(0o022);
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  process.umask(ours);
  const unwatch = endWithUs(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  await once(child, 'close');
  unwatch();
  if (child.exitCode === 0) return;
  throw new Refusal(EXIT.failure, `the page cannot be built:\n${output.trim()}`);
}

/** Ends a child, and then us as usual, when a signal comes that would end only us. Returns what undoes that. */
function endWithUs(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals): void => {
    child.kill('SIGKILL');
    unwatch();
    process.kill(process.pid, signal);
  };
  const unwatch = (): void => {
    for (const signal of ENDING_SIGNALS) process.off(signal, pass);
  };
  for (const signal of ENDING_SIGNALS) process.on(signal, pass);
  return unwatch;
}

function newestMs(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  // A file that an editor has just replaced counts with its next change.
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  const entries = readdirSync(file).filter((name) => name !== 'dist' && name !== 'node_modules');
  return Math.max(0, ...entries.map((name) => newestMs(path.join(file, name))));
}
