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

test('the audit says who did what on the command line, and betrays whoever alters it', async () => {
  await succeed('migrate');
  await succeed('device', 'add', 'bin-1', '--model', 'milesight/em400-mud');
  await succeed('device', 'revoke', 'bin-1');
  const table = await succeed('audit', 'list');
  expect(table).toMatch(
    /3 .* access-revoked +cli\S* +bin-1 .*\n2 .* token-made .*\n1 .* device-saved/s,
  );
  // Safe: the command says so.
  const rows = JSON.parse(
    await succeed('audit', 'list', '--subject', 'bin-1', '--limit', '1', '--json'),
  );
  expect(rows).toMatchObject([{ seq: 3, action: 'access-revoked', subject: 'bin-1', times: 1 }]);

  const [, head = ''] =
    /3 rows\nhead: (3:[0-9a-f]{64})\n/.exec(await succeed('audit', 'verify')) ?? [];
  await succeed('audit', 'verify', '--expect', head);
  const database = new Sqlite(path.join(shell.folder, 'data', 'tunna.sqlite'));
  database.exec(`drop trigger audit_stands; update audit set actor = 'nobody' where seq = 2`);
  database.close();
  expect(await shell.run(['audit', 'verify'])).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('row 2 was changed or moved'),
    stderr: 'tunna: the audit has been tampered with\n',
  });
});
