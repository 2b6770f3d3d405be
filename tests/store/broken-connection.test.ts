import { sql } from 'kysely';
import { afterAll, expect, test, vi } from 'vitest';
import { needs } from '../servers/needs.ts';
import { openDialect, stopDialects } from './dialects.ts';

afterAll(stopDialects);

needs('postgresql-15')('a connection to PostgreSQL that breaks', () => {
  test('fails the transaction it carries and harms nothing else', async () => {
    await using opened = await openDialect('postgres');
    const { db } = opened.store;
    const other = opened.open();
    const broken = db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
      const pid = rows[0]?.pid;
      await sql`select pg_terminate_backend(${pid})`.execute(other.db);
      // The transaction asks nothing meanwhile, so that only the connection itself can tell.
      await vi.waitFor(async () => {
        const left = await sql`select 1 from pg_stat_activity where pid = ${pid}`.execute(other.db);
        expect(left.rows).toEqual([]);
      });
      await sql`select 1`.execute(trx);
    });
    await expect(broken).rejects.toThrow();
    expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  });
});
