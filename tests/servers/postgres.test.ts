import { Client } from 'pg';
import { expect, test } from 'vitest';
import { needs } from './needs.ts';
import { startPostgres } from './postgres.ts';

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

needs('postgresql-15')('a PostgreSQL for tests', () => {
  test('gives out databases that do not see each other', async () => {
    await using server = await startPostgres();
    const [one, other] = [await server.createDatabase(), await server.createDatabase()];
    await ask(one, 'create table bin (id text)');
    expect(await ask(one, 'select * from bin')).toEqual([]);
    await expect(ask(other, 'select * from bin')).rejects.toThrow(/does not exist/);
  });

  test('comes back with its data after crashes', async () => {
    await using server = await startPostgres();
    await ask(server.url, 'create table bin as select 7 as number');
    for (const _crash of ['first', 'second', 'third']) {
      await server.crash();
      await expect(ask(server.url, 'select 1')).rejects.toThrow();
      await server.start();
    }
    expect(await ask(server.url, 'select number from bin')).toEqual([{ number: 7 }]);
  });
});
