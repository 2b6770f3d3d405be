import { sql } from 'kysely';
import type { CreateTableBuilder, Kysely } from 'kysely';
import type { ColumnKinds } from './column-kinds.ts';

/** Registry, uplinks, readings and everything one batch of ingest writes. */
export async function createTown(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  await createRegistry(db, kinds);
  await createReadings(db, kinds);
  await createQuarantine(db, kinds);
  await createPlumbing(db, kinds);
}

async function createRegistry(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  await db.schema
    .createTable('bins')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('description', 'text')
    .addColumn('stream', 'text', (c) => c.notNull())
    .addColumn('area', 'text')
    .addColumn('lat', 'double precision', (c) => c.notNull())
    .addColumn('lng', 'double precision', (c) => c.notNull())
    .addColumn('volume_litres', 'double precision')
    .addColumn('threshold_percent', 'double precision', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('devices')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('model', 'text')
    .addColumn('report_interval_seconds', 'integer')
    .execute();
  await db.schema
    .createTable('device_states')
    .addColumn('device_id', 'text', (c) => c.primaryKey())
    .addColumn('last_seen_at', 'bigint', (c) => c.notNull())
    .addColumn('battery_at', 'bigint')
    .addColumn('battery_percent', 'double precision')
    .addColumn('battery_v', 'double precision')
    .execute();
  await db.schema
    .createTable('principals')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('token_hash', 'text', (c) => c.notNull())
    .addColumn('old_token_hash', 'text')
    .addColumn('old_token_until', 'bigint')
    .addColumn('prefixes', 'text', (c) => c.notNull())
    .addColumn('backfill', 'integer', (c) => c.notNull())
    .addColumn('revoked_at', 'bigint')
    .execute();
  await createWithId(db, kinds, 'mountings')
    .addColumn('device_id', 'text', (c) => c.notNull().references('devices.id'))
    .addColumn('bin_id', 'text', (c) => c.notNull().references('bins.id'))
    .addColumn('from_at', 'bigint', (c) => c.notNull())
    .addColumn('to_at', 'bigint')
    .addColumn('shape', 'text')
    .addColumn('empty_distance_mm', 'double precision')
    .addColumn('full_distance_mm', 'double precision')
    .addColumn('blind_zone_mm', 'double precision')
    .execute();
  await index(db, 'mountings', ['device_id', 'from_at']);
  await index(db, 'mountings', ['bin_id']);
}

async function createReadings(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  await createWithId(db, kinds, 'uplinks')
    .addColumn('identity', 'text', (c) => c.notNull().unique())
    .addColumn('device_id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('envelope', 'text', (c) => c.notNull())
    .addColumn('model', 'text')
    .addColumn('f_port', 'integer')
    .addColumn('sensor_bytes', kinds.bytes)
    .addColumn('door', 'text', (c) => c.notNull())
    .addColumn('journal_seq', 'bigint', (c) => c.notNull())
    .addColumn('received_at', 'bigint', (c) => c.notNull())
    .addColumn('principal', 'text')
    .addColumn('message_id', 'integer')
    .addColumn('backfill', 'integer', (c) => c.notNull())
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('payload', kinds.bytes, (c) => c.notNull())
    .addColumn('content_hash', 'text', (c) => c.notNull())
    .execute();
  await index(db, 'uplinks', ['content_hash']);
  await index(db, 'uplinks', ['device_id', 'received_at']);
  await createWithId(db, kinds, 'readings')
    .addColumn('uplink_id', 'bigint', (c) => c.notNull().references('uplinks.id'))
    .addColumn('part', 'integer', (c) => c.notNull())
    .addColumn('device_id', 'text', (c) => c.notNull())
    .addColumn('bin_id', 'text')
    .addColumn('mounting_id', 'bigint')
    .addColumn('observed_at', 'bigint', (c) => c.notNull())
    .addColumn('received_at', 'bigint', (c) => c.notNull())
    .addColumn('late', 'integer', (c) => c.notNull())
    .addColumn('clock_reason', 'text')
    .addColumn('fill_percent', 'double precision')
    .addColumn('quality', 'integer', (c) => c.notNull())
    .addColumn('quality_reason', 'text')
    .addColumn('distance_mm', 'double precision')
    .addColumn('reported_fill_percent', 'double precision')
    .addColumn('temperature_c', 'double precision')
    .addColumn('battery_percent', 'double precision')
    .addColumn('battery_v', 'double precision')
    .addColumn('tilted', 'integer')
    .addColumn('alarms', 'text', (c) => c.notNull())
    .addColumn('sensor_fault', 'text')
    .addUniqueConstraint('readings_uplink_part', ['uplink_id', 'part'])
    .execute();
  await index(db, 'readings', ['bin_id', 'observed_at']);
  await index(db, 'readings', ['device_id', 'observed_at']);
  await db.schema
    .createTable('bin_states')
    .addColumn('bin_id', 'text', (c) => c.primaryKey())
    .addColumn('reading_id', 'bigint', (c) => c.notNull())
    .addColumn('device_id', 'text', (c) => c.notNull())
    .addColumn('observed_at', 'bigint', (c) => c.notNull())
    .addColumn('identity', 'text', (c) => c.notNull())
    .addColumn('part', 'integer', (c) => c.notNull())
    .addColumn('fill_percent', 'double precision', (c) => c.notNull())
    .addColumn('quality', 'integer', (c) => c.notNull())
    .addColumn('temperature_c', 'double precision')
    .addColumn('battery_percent', 'double precision')
    .addColumn('reasons', 'text', (c) => c.notNull())
    .execute();
}

async function createQuarantine(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  await createWithId(db, kinds, 'quarantine')
    .addColumn('digest', 'text', (c) => c.notNull().unique())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('device_id', 'text')
    .addColumn('door', 'text', (c) => c.notNull())
    .addColumn('journal_seq', 'bigint', (c) => c.notNull())
    .addColumn('first_received_at', 'bigint', (c) => c.notNull())
    .addColumn('last_received_at', 'bigint', (c) => c.notNull())
    .addColumn('times', 'bigint', (c) => c.notNull())
    .addColumn('principal', 'text')
    .addColumn('backfill', 'integer', (c) => c.notNull())
    .addColumn('qos', 'integer', (c) => c.notNull())
    .addColumn('message_id', 'integer')
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('payload', kinds.bytes, (c) => c.notNull())
    .addColumn('resolved_at', 'bigint')
    .execute();
  await index(db, 'quarantine', ['device_id']);
}

async function createPlumbing(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  await db.schema
    .createTable('tally')
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('count', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('tally_key', ['outcome', 'reason'])
    .execute();
  await createWithId(db, kinds, 'changes', 'seq')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .execute();
  await createWithId(db, kinds, 'outbox')
    .addColumn('reading_id', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('cursors')
    .addColumn('journal', 'text', (c) => c.primaryKey())
    .addColumn('door', 'text', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('leases')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('holder', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute();
}

function createWithId(
  db: Kysely<unknown>,
  kinds: ColumnKinds,
  table: string,
  column = 'id',
): CreateTableBuilder<string, string> {
  // Numbers are never used twice (AUTOINCREMENT): `changes` and traces rely on it.
  return db.schema.createTable(table).addColumn(column, sql.raw(kinds.serial));
}

async function index(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex([table, ...columns].join('_'))
    .on(table)
    .columns(columns)
    .execute();
}
