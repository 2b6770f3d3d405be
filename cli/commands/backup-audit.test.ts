import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TunnaShell } from '../testing/run-tunna.ts';

// Every command is a process of its own, and other tests run beside these.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let shell: TunnaShell;
beforeEach(() => {
  shell = new TunnaShell();
});
afterEach(() => shell[Symbol.dispose]());

async function succeed(...args: string[]): Promise<string> {
  const outcome = await shell.run(args);
  expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  return outcome.stdout;
}

async function listAudit(): Promise<readonly unknown[]> {
  // Safe: the command prints an array.
  return JSON.parse(await succeed('audit', 'list', '--json')) as readonly unknown[];
}

test('a backup and its restore are in the audit of the database they were made of and brought back to', async () => {
  await succeed('migrate');
  await succeed('backup', 'saved');
  const saved = expect.stringMatching(/\/saved$/);
  const actor = expect.stringMatching(/^cli/);
  expect(await listAudit()).toMatchObject([{ action: 'backup-made', subject: saved, actor }]);
  await succeed('restore', 'saved');
  // The backup was made before the row that tells of it.
  expect(await listAudit()).toMatchObject([{ action: 'backup-restored', subject: saved, actor }]);
  await succeed('audit', 'verify');
});

test('a backup is made, and says so, when the audit cannot be written', async () => {
  await succeed('migrate');
  const database = new Sqlite(path.join(shell.folder, 'data', 'tunna.sqlite'));
  database.exec(
    `create trigger broken before insert on audit begin select raise(abort, 'no room'); end`,
  );
  database.close();
  expect(await shell.run(['backup', 'saved'])).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('this is not in the audit: no room'),
  });
  await succeed('verify', 'saved');
});
