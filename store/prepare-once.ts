import type Sqlite from 'better-sqlite3';

const prepared = new WeakMap<Sqlite.Database, Map<string, Sqlite.Statement>>();

/** The statement of a text, compiled at its first use on this connection. Only for texts of which there are few. */
export function prepareOnce(database: Sqlite.Database, text: string): Sqlite.Statement {
  const statements = prepared.get(database) ?? new Map<string, Sqlite.Statement>();
  prepared.set(database, statements);
  const statement = statements.get(text) ?? database.prepare(text);
  statements.set(text, statement);
  return statement;
}
