import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import type { SabotagedOutcome } from './run-sabotaged.ts';
import { CONTROLS } from './sabotages.ts';

let outcomes: readonly SabotagedOutcome[];
beforeAll(async () => {
  const script = new URL('run-sabotaged.ts', import.meta.url).pathname;
  // What this process is told about its own run is not for that one.
  const { PATH, HOME } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env: { PATH, HOME } });
  // Safe: the script prints this.
  outcomes = JSON.parse(stdout) as readonly SabotagedOutcome[];
}, 300_000);

test.each(CONTROLS)('without $protection its test fails', ({ protection, test: name, says }) => {
  const outcome = outcomes.find((one) => one.protection === protection);
  expect([name, outcome?.states]).toEqual([name, ['failed']]);
  expect(outcome?.errors[0]).toMatch(says);
});
