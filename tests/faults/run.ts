/**
 * The long form of the fault tests: `npm run test:faults -- --kills 200 --seed 4711`. The same test runs with twelve faults
 * in `npm test`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = path.resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string' } },
});
for (const [name, value] of Object.entries(values)) {
  if (!/^[1-9]\d{0,5}$/.test(value))
    throw new Error(`--${name} must be a whole number, got ${value}`);
}
const env = {
  ...process.env,
  TUNNA_TEST_KILLS: values.kills,
  ...(values.seed !== undefined && { TUNNA_TEST_SEED: values.seed }),
};
const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
const args = [vitest, 'run', '--project', 'system', 'tests/faults/kill.test.ts'];
const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env });
const [code] = await once(child, 'exit');
process.exitCode = typeof code === 'number' ? code : 1;
