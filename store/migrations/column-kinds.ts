import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Store } from '../database.ts';

/** What the two databases call the same thing. */
export interface ColumnKinds {
  readonly dialect: Store['kind'];
  readonly bytes: RawBuilder<unknown>;
  /** A number given by the database, growing, never used twice. */
  readonly serial: string;
}

export const COLUMN_KINDS: Record<Store['kind'], ColumnKinds> = {
  sqlite: {
    dialect: 'sqlite',
    bytes: sql`blob`,
    serial: 'integer primary key autoincrement',
  },
  postgres: { dialect: 'postgres', bytes: sql`bytea`, serial: 'bigserial primary key' },
};
