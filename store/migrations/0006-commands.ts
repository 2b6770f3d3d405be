import type { Kysely } from 'kysely';
import type { ColumnKinds } from './column-kinds.ts';

/** What devices are asked to do, and what became of it. */
export async function keepCommands(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  await db.schema
    .createTable('commands')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('device_id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('request', 'text', (c) => c.notNull())
    .addColumn('f_port', 'integer')
    .addColumn('bytes', kinds.bytes)
    .addColumn('door', 'text', (c) => c.notNull())
    .addColumn('principal', 'text')
    .addColumn('network_name', 'text')
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('detail', 'text')
    .addColumn('requested_at', 'bigint', (c) => c.notNull())
    .addColumn('requested_by', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('attempted_at', 'bigint')
    .addColumn('claimed_by', 'text')
    .addColumn('claimed_until', 'bigint')
    .addColumn('sent_at', 'bigint')
    .addColumn('acknowledged_at', 'bigint')
    .addColumn('failed_at', 'bigint')
    .addColumn('expired_at', 'bigint')
    .execute();
  for (const columns of [
    ['device_id', 'requested_at'],
    ['state', 'door'],
  ]) {
    await db.schema
      .createIndex(['commands', ...columns].join('_'))
      .on('commands')
      .columns(columns)
      .execute();
  }
}
