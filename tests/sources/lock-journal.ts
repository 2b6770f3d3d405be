import Sqlite from 'better-sqlite3';

/** Holds the writer of a journal up, as a sick disk would. */
export function lockJournal(file: string): Disposable {
  const database = new Sqlite(file);
  database.exec('begin immediate');
  return { [Symbol.dispose]: () => database.close() };
}
