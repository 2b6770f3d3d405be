/**
 * The long forms of the fault tests, one after the other: `npm run test:faults -- --kills 200 --seed 4711 --stops 50
 * --migrations`. Without any, 200 kills. The same tests run in a short form in `npm test`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = path.resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    seed: { type: 'string' },
    stops: { type: 'string' },
    migrations: { type: 'boolean' },
  },
});
const { kills, seed, stops, migrations } = values;
for (const [name, value] of Object.entries({ kills, seed, stops })) {
  if (value !== undefined && !/^[1-9]\d{0,5}$/.test(value))
    throw new Error(`--${name} must be a whole number, got ${value}`);
}

/** Runs one file of tests. Returns whether all passed. */
async function run(file: string, settings: Record<string, string>): Promise<boolean> {
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--project', 'system', `tests/faults/${file}`];
  const env = { ...process.env, ...settings };
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env });
  const [code] = await once(child, 'exit');
  return code === 0;
}

const results: boolean[] = [];
if (kills !== undefined || (stops === undefined && migrations === undefined)) {
  const settings = {
    TUNNA_TEST_KILLS: kills ?? '200',
    ...(seed !== undefined && { TUNNA_TEST_SEED: seed }),
  };
  results.push(await run('kill.test.ts', settings));
}
if (stops !== undefined) results.push(await run('stop.test.ts', { TUNNA_TEST_STOPS: stops }));
if (migrations) results.push(await run('migrations.test.ts', { TUNNA_TEST_EVERY_STATEMENT: '1' }));
process.exitCode = results.every(Boolean) ? 0 : 1;
