import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const BUILT_PAGE = path.join(ROOT, 'dashboard/web/dist/index.html');

/** Everything the page is made of. */
const SOURCES = ['dashboard/web', 'dashboard/api', 'domain', 'package-lock.json'];

/** Builds the page unless the last build is newer than all its sources. Returns false when the build fails. */
export function buildPageIfStale(): boolean {
  if (isFresh()) return true;
  console.log('tests: building the page ...');
  const vite = path.join(ROOT, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', 'dashboard/web', '--logLevel', 'warn'];
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status === 0;
}

function isFresh(): boolean {
  if (!existsSync(BUILT_PAGE)) return false;
  const builtAtMs = statSync(BUILT_PAGE).mtimeMs;
  return SOURCES.every((source) => newestMs(path.join(ROOT, source)) <= builtAtMs);
}

function newestMs(file: string): number {
  const stat = statSync(file);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const entries = readdirSync(file).filter((name) => name !== 'dist' && name !== 'node_modules');
  return Math.max(0, ...entries.map((name) => newestMs(path.join(file, name))));
}
