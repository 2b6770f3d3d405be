/**
 * Runs the tests: `npm test`, or `npm test -- tests/servers -t mosquitto` with any arguments of `vitest run`.
 * Its last line is always `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildPageIfStale } from './page-build.ts';
import { provision } from './servers/provision.ts';
import { readTally, tallyLine } from './tally.ts';
import type { Tally } from './tally.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** A run that takes longer than this hangs. */
const RUN_DEADLINE_MS = 30 * 60_000;

async function runVitest(args: readonly string[]): Promise<Tally> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tunna-tally-'));
  const tallyFile = path.join(folder, 'tally.json');
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, TUNNA_TEST_TALLY: tallyFile },
    timeout: RUN_DEADLINE_MS,
  });
  await once(child, 'exit');
  const tally = readTally(tallyFile, child.exitCode);
  rmSync(folder, { recursive: true });
  return tally;
}

await provision();
const pageBuilt = buildPageIfStale();
const tally = await runVitest(process.argv.slice(2));
if (!pageBuilt) {
  console.error('FAILED: the page could not be built');
  tally.failed += 1;
}
if (tally.skipped.length > 0) {
  console.log(`${tally.skipped.length} tests did not run:`);
  for (const name of tally.skipped) console.log(`  ${name}`);
}
console.log(tallyLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
