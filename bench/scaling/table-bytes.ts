import { sql } from 'kysely';
import type { Store } from '../../store/database.ts';

/** Bytes on disk by table, and by `table, indexes`. */
export type TableBytes = ReadonlyMap<string, number>;

/** What each table takes at the moment. */
export async function readTableBytes(store: Store): Promise<TableBytes> {
  const query =
    store.kind === 'sqlite'
      ? // An index without a name of its own belongs to a primary key.
        sql<{ name: string; bytes: number }>`
          select tbl_name || case when schema.type = 'index' then ', indexes' else '' end as name, sum(pgsize) as bytes
          from dbstat join sqlite_schema as schema on schema.name = dbstat.name group by 1`
      : sql<{ name: string; bytes: number }>`
          select relname as name, pg_table_size(relid) as bytes from pg_stat_user_tables
          union all select relname || ', indexes', pg_indexes_size(relid) from pg_stat_user_tables`;
  const { rows } = await query.execute(store.db);
  return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}

/** What has been added, per reading, where that is at least a byte; the rest together. */
export function bytesPerReading(
  before: TableBytes,
  after: TableBytes,
  readings: number,
): Map<string, number> {
  const costs = new Map<string, number>();
  for (const [name, bytes] of after) {
    const each = (bytes - (before.get(name) ?? 0)) / readings;
    const kept = KEPT.some((table) => name.startsWith(table)) ? name : 'other tables';
    costs.set(kept, (costs.get(kept) ?? 0) + each);
  }
  return costs;
}

/** Tables that grow with every reading. All others have a size of their own, which shrinks and grows. */
const KEPT = ['uplinks', 'readings'];
