import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnKinds } from './column-kinds.ts';

/** Bins whose walls are not upright, sensors that mind the temperature, and spans whose readings are being computed anew. */
export async function shapeBins(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  await db.schema.alterTable('mountings').addColumn('area_ratio', 'double precision').execute();
  await db.schema.alterTable('mountings').addColumn('strapping_table', 'text').execute();
  await db.schema
    .alterTable('mountings')
    .addColumn('temperature_reference_c', 'double precision')
    .execute();
  await db.schema
    .createTable('recomputes')
    .addColumn('id', sql.raw(kinds.serial))
    .addColumn('device_id', 'text', (c) => c.notNull().references('devices.id'))
    .addColumn('from_at', 'bigint', (c) => c.notNull())
    .addColumn('to_at', 'bigint')
    .addColumn('next_at', 'bigint', (c) => c.notNull())
    .addColumn('next_id', 'bigint', (c) => c.notNull())
    .addColumn('done', 'bigint', (c) => c.notNull())
    .addColumn('total', 'bigint', (c) => c.notNull())
    .addColumn('requested_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('recomputes_device_id')
    .on('recomputes')
    .column('device_id')
    .execute();
}
