import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { readAccounts } from '../../store/accounts.ts';
import { listAudit } from '../../store/audit-log.ts';
import { closeStore, openStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { assertSchemaCurrent, findPendingMigrations, migrate } from '../../store/migrate.ts';
import { needs } from '../servers/needs.ts';
import { startPostgres } from '../servers/postgres.ts';
import type { Postgres } from '../servers/postgres.ts';
import { TunnaShell } from '../../cli/testing/run-tunna.ts';
import { growUpTo, readContent, STEPS } from './older-database.ts';

/** `npm run test:faults -- --migrations` kills at every statement of every step that is still to come. */
const EVERY_STATEMENT = process.env['TUNNA_TEST_EVERY_STATEMENT'] === '1';
const TIMEOUT_MS = EVERY_STATEMENT ? 3_600_000 : 90_000;

const OLDER = STEPS.slice(0, -1);

/** Migrates in a process that dies at a statement of a step, or after the step when it has not so many; says which. */
async function migrateAndDie(
  location: string,
  step: string,
  statement: number,
): Promise<'within' | 'after'> {
  const script = path.join(import.meta.dirname, 'killed-migration.ts');
  const child = spawn(process.execPath, [script, location, step, String(statement)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
  return output === 'after' ? 'after' : 'within';
}

/** Migrations of a database of an older version that die: in the next step, and after the last; or everywhere. */
async function* deaths(location: string, from: string): AsyncGenerator<string> {
  const pending = STEPS.slice(STEPS.indexOf(from) + 1);
  const last = pending.at(-1) ?? from;
  if (!EVERY_STATEMENT) {
    yield migrateAndDie(location, pending[0] ?? from, 1);
    yield migrateAndDie(location, last, Infinity);
    return;
  }
  for (const step of pending) {
    for (let statement = 0, where = 'within'; where === 'within'; statement += 1) {
      where = await migrateAndDie(location, step, statement);
      yield where;
    }
  }
}

/** Kills migrations, looks each time that nothing has changed, and then lets one come to its end. */
async function check(location: string, from: string): Promise<void> {
  let store = openStore(location);
  try {
    await growUpTo(store, from);
    const before = await readContent(store);
    const pending = await findPendingMigrations(store);
    expect(Object.values(before).flatMap(({ rows }) => rows).length).toBeGreaterThan(20);
    await closeStore(store);
    for await (const _where of deaths(location, from)) {
      store = openStore(location);
      expect(await findPendingMigrations(store)).toEqual(pending);
      expect(await readContent(store)).toEqual(before);
      await closeStore(store);
    }
    store = openStore(location);
    expect((await migrate(store, Date.now())).applied).toEqual(pending);
    await assertSchemaCurrent(store);
    expect(await readContent(store, before)).toEqual(before);
    expect((await readAccounts(store.db, [])).unaccounted).toBe(0);
  } finally {
    await closeStore(store);
  }
}

describe('a migration of SQLite that is killed', () => {
  test.each(OLDER)(
    'leaves a database of %s as it was, with a copy, and comes to its end the next time',
    async (from) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'tunna-migration-'));
      try {
        const file = path.join(folder, 'tunna.sqlite');
        await check(file, from);
        const copies = readdirSync(path.join(folder, 'backups'));
        expect(copies.length).toBeGreaterThan(0);
        for (const name of copies) {
          const copy = openStore(path.join(folder, 'backups', name));
          const applied = STEPS.slice(0, STEPS.indexOf(from) + 1);
          expect(await listApplied(copy)).toEqual(applied);
          expect(await listRows(copy, 'uplinks')).toBe(2);
          await closeStore(copy);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    TIMEOUT_MS,
  );
});

needs('postgresql-15')('a migration of PostgreSQL that is killed', () => {
  let server: Promise<Postgres> | undefined;
  afterAll(async () => (await server)?.stop());

  test.each(OLDER)(
    'leaves a database of %s as it was, and comes to its end the next time',
    async (from) => {
      server ??= startPostgres();
      await check(await (await server).createDatabase(), from);
    },
    TIMEOUT_MS,
  );
});

async function listApplied({ db }: Store): Promise<string[]> {
  const found = await sql<{
    name: string;
  }>`select name from kysely_migration order by name`.execute(db);
  return found.rows.map(({ name }) => name);
}

async function listRows({ db }: Store, table: string): Promise<number | undefined> {
  const found = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(table)}`.execute(db);
  return found.rows[0]?.count;
}

test('a database of a newer version is refused by every command in one line, and left alone', async () => {
  using shell = new TunnaShell();
  const file = path.join(shell.folder, 'data/tunna.sqlite');
  await shell.run(['migrate']);
  const store = openStore(file);
  await sql`insert into kysely_migration (name, timestamp) values ('9999-future', '')`.execute(
    store.db,
  );
  const before = await readContent(store);
  await closeStore(store);
  for (const command of ['migrate', 'start', 'ingest', 'broker', 'dashboard']) {
    const { exitCode, stderr } = await shell.run([command], { TUNNA_DEMO: '0' });
    expect({ command, exitCode }).toEqual({ command, exitCode: 78 });
    expect(stderr).toMatch(/^tunna: .*newer Tunna \(step 9999-future\); install that version\n$/);
  }
  const after = openStore(file);
  expect(await readContent(after)).toEqual(before);
  await closeStore(after);
});

test('the migration of a database that was in use is in its audit', async () => {
  using shell = new TunnaShell();
  const file = path.join(shell.folder, 'data/tunna.sqlite');
  mkdirSync(path.dirname(file));
  const older = openStore(file);
  await growUpTo(older, '0010-retention');
  await closeStore(older);
  expect(await shell.run(['migrate'])).toMatchObject({ exitCode: 0, stderr: '' });
  const newer = openStore(file);
  const rows = await listAudit(newer, { limit: 9 });
  await closeStore(newer);
  expect(rows).toMatchObject([
    { action: 'database-migrated', subject: STEPS.at(-1), actor: expect.stringMatching(/^cli/) },
  ]);
});
