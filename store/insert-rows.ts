import type Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import type { Store, Trx } from './database.ts';
import { prepareOnce } from './prepare-once.ts';

/** An INSERT for as many rows as there are: ingest writes thousands in one transaction. */
export interface RowInsert<Row extends object> {
  readonly table: string;
  /** Every column that is written. Each is named, so that none can be forgotten when a table grows. */
  readonly columns: Readonly<Record<keyof Row & string, true>>;
  /** Columns that tell one of the rows from the others; only where the ids of the new rows matter. */
  readonly key?: readonly (keyof Row & string)[];
  /** What follows the values, such as `on conflict (id) do nothing`; the same in both databases. */
  readonly conflict?: string;
}

/** Rows in one statement: text that grows to some megabytes. Only PostgreSQL; SQLite takes row after row. */
const ROWS_PER_STATEMENT = 2_000;

/**
 * Inserts rows in the caller's transaction. Returns their ids in the order of the rows, `undefined` for one that was there
 * already; without a `key` the result says nothing.
 *
 * These are not Kysely's queries, which name every value of every row: to write and to parse such a statement took longer than
 * to carry it out (`bench/drain`). SQLite runs one prepared statement for each row; PostgreSQL gets all rows as one text.
 */
export async function insertRows<Row extends object>(
  trx: Trx,
  store: Store,
  insert: RowInsert<Row>,
  rows: readonly NoInfer<Row>[],
): Promise<(number | undefined)[]> {
  // The transaction has the only connection of a SQLite store, so that what is written past it belongs to it.
  if (store.kind === 'sqlite') return insertEach(store.sqlite, insert, rows);
  const ids: (number | undefined)[] = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const some = rows.slice(start, start + ROWS_PER_STATEMENT);
    for (const id of await insertTogether(trx, insert, some)) ids.push(id);
  }
  return ids;
}

function insertEach<Row extends object>(
  sqlite: Sqlite.Database,
  { table, columns, conflict = '' }: RowInsert<Row>,
  rows: readonly Row[],
): (number | undefined)[] {
  const names = namesOf(columns);
  const places = names.map(() => '?').join(', ');
  const statement = prepareOnce(
    sqlite,
    `insert into ${table} (${names.join(', ')}) values (${places}) ${conflict}`,
  );
  return rows.map((row) => {
    const { changes, lastInsertRowid } = statement.run(...names.map((name) => row[name] ?? null));
    return changes === 0 ? undefined : Number(lastInsertRowid);
  });
}

async function insertTogether<Row extends object>(
  trx: Trx,
  { table, columns, key, conflict = '' }: RowInsert<Row>,
  rows: readonly Row[],
): Promise<(number | undefined)[]> {
  const names = namesOf(columns);
  const list = sql.raw(names.join(', '));
  const source = sql`json_populate_recordset(null::${sql.table(table)}, ${toJson(names, rows)})`;
  const returning = key === undefined ? sql`` : sql.raw(`returning id, ${key.join(', ')}`);
  const result = await sql<Row & { readonly id: number }>`
    insert into ${sql.table(table)} (${list}) select ${list} from ${source}
    ${sql.raw(conflict)} ${returning}
  `.execute(trx);
  if (key === undefined) return [];
  const keyOf = (row: Row): string => JSON.stringify(key.map((name) => row[name]));
  const ids = new Map(result.rows.map((row) => [keyOf(row), row.id]));
  return rows.map((row) => ids.get(keyOf(row)));
}

/** Rows as PostgreSQL's functions for JSON read them: bytes as its own text for them, whole numbers and fractions exactly. */
function toJson<Row extends object>(
  names: readonly (keyof Row & string)[],
  rows: readonly Row[],
): string {
  return JSON.stringify(
    rows.map((row) => {
      const texts: Record<string, string> = {};
      for (const name of names) {
        const value = row[name];
        if (value instanceof Uint8Array) texts[name] = `\\x${Buffer.from(value).toString('hex')}`;
      }
      return { ...row, ...texts };
    }),
  );
}

function namesOf<Row extends object>(columns: RowInsert<Row>['columns']): (keyof Row & string)[] {
  // Safe: the type says that these are its keys.
  return Object.keys(columns) as (keyof Row & string)[];
}
