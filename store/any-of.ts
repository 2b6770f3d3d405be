import { sql, SqliteAdapter } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Db, Trx } from './database.ts';

/**
 * Whether a column's value is one of these, however many they are: they go as one parameter. A list of parameters is written
 * and parsed anew for each number of them, which took longer than the answer, and SQLite takes 32,766 at the most.
 */
export function isAnyOf(
  db: Db | Trx,
  column: string,
  values: readonly string[] | readonly number[],
): RawBuilder<boolean> {
  return db.getExecutor().adapter instanceof SqliteAdapter
    ? sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`
    : sql`${sql.ref(column)} = any(${[...values]})`;
}
