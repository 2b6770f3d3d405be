import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fakeClockEnv } from './fake-clock.ts';
import { needs } from './needs.ts';
import { runProgram } from './programs.ts';

needs('faketime')('a fake clock for tests', () => {
  test('moves the wall clock of a Node process', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tunna-clock-'));
    const file = path.join(folder, 'clock');
    writeFileSync(file, '@2038-01-19 03:14:00');
    const env = { ...process.env, TZ: 'UTC', ...fakeClockEnv(file) };
    const script = 'console.log(new Date().toISOString())';
    const out = execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' });
    expect(out).toMatch(/^2038-01-19T03:14:0/);
    rmSync(folder, { recursive: true });
  });
});

needs('strace')('a tracer for tests', () => {
  test('makes a system call fail on demand', async () => {
    const inject = ['-f', '-e', 'trace=fsync', '-e', 'inject=fsync:error=EIO'];
    const script = 'require("fs").fsyncSync(require("fs").openSync(process.argv[1]))';
    const result = await runProgram('strace', [
      ...inject,
      process.execPath,
      '-e',
      script,
      import.meta.filename,
    ]);
    expect(result.stderr).toMatch(/EIO: i\/o error, fsync/);
  });
});
