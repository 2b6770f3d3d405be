import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTally, tallyLine } from './tally.ts';
import type { Tally } from './tally.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

let scratch = '';

beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'tunna-tally-test-'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(scratch, 'node_modules'));
});

afterEach(() => rmSync(scratch, { recursive: true }));

/** Runs a real Vitest with our reporter over test files made for the purpose. */
function tallyOf(files: Record<string, string>): Tally {
  const reporter = path.join(ROOT, 'tests/tally-reporter.ts');
  const config = `import { TallyReporter } from '${reporter}';
    export default { test: { reporters: [new TallyReporter()], globals: true } };`;
  writeFileSync(path.join(scratch, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(scratch, 'vitest.config.ts'), config);
  mkdirSync(path.join(scratch, 'inner'));
  for (const [name, source] of Object.entries(files)) {
    writeFileSync(path.join(scratch, 'inner', name), source);
  }
  const file = path.join(scratch, 'tally.json');
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const result = spawnSync(process.execPath, [vitest, 'run'], {
    cwd: scratch,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TUNNA_TEST_TALLY: file },
    encoding: 'utf8',
  });
  return readTally(file, result.status);
}

describe('the tally of a test run', () => {
  test('counts what passed and failed, and names what did not run', () => {
    const tally = tallyOf({
      'a.test.ts': `describe('bins', () => {
        test('fill', () => {});
        test('leak', () => { throw new Error('leaks'); });
        test.skip('fly', () => {});
      });`,
    });
    expect(tally).toEqual({ passed: 1, failed: 1, skipped: ['inner/a.test.ts > bins > fly'] });
    expect(tallyLine(tally)).toBe('1 passed, 1 failed');
  });

  test('counts a file that cannot be loaded as failed', () => {
    const broken = "throw new Error('at the top'); test('never', () => {});";
    const tally = tallyOf({ 'a.test.ts': "test('fine', () => {});", 'b.test.ts': broken });
    expect(tally).toMatchObject({ passed: 1, failed: 1 });
  });

  test('counts a hook that fails, whose tests never ran, as failed', () => {
    const source = `describe('bins', () => {
      beforeAll(() => { throw new Error('no server'); });
      test('fill', () => {});
    });`;
    expect(tallyOf({ 'a.test.ts': source })).toMatchObject({ passed: 0, failed: 1 });
  });

  test('counts a rejection nobody caught as failed', () => {
    const source = `test('fine', async () => {
      void Promise.reject(new Error('lost'));
      await new Promise((resolve) => setImmediate(resolve));
    });`;
    expect(tallyOf({ 'a.test.ts': source })).toMatchObject({ passed: 1, failed: 1 });
  });

  test('counts a run without tests as failed', () => {
    expect(tallyLine(tallyOf({}))).toBe('0 passed, 1 failed');
  });

  test('counts a run that was killed before it could report as failed', () => {
    expect(tallyLine(readTally(path.join(scratch, 'none.json'), null))).toBe('0 passed, 1 failed');
  });

  test('does not believe a clean tally of a run that failed', () => {
    const file = path.join(scratch, 'tally.json');
    writeFileSync(file, JSON.stringify({ passed: 3, failed: 0, skipped: [] }));
    expect(tallyLine(readTally(file, 1))).toBe('3 passed, 1 failed');
    expect(tallyLine(readTally(file, 0))).toBe('3 passed, 0 failed');
  });
});
