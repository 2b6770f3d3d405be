import { DatabaseError } from 'pg';
import Sqlite from 'better-sqlite3';

/**
 * Whether an error lies in what was to be stored (it would come again for ever) rather than in the database's health
 * (which passes): SQLite's constraint, mismatch and size errors, PostgreSQL's classes 22 (data) and 23 (integrity), and our
 * own mistakes in handling a message.
 */
export function isRecordFault(error: unknown): boolean {
  if (error instanceof Sqlite.SqliteError) {
    return /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/.test(error.code);
  }
  if (error instanceof DatabaseError) return /^2[23]/.test(error.code ?? '');
  return error instanceof TypeError || error instanceof RangeError;
}
