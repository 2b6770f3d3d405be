import type { ColumnType, Generated } from 'kysely';

/** Tables that carry no town: how parts learn of each other, and how far each of them is. */

export interface ChangesTable {
  seq: Generated<number>;
  kind: string;
  id: string;
}

/** Readings that InfluxDB has not got yet. */
export interface OutboxTable {
  id: Generated<number>;
  reading_id: number;
  /** A bin that the reading has left: its point there must be marked as gone. */
  former_bin_id: ColumnType<string | null, string | null | undefined, string | null>;
}

/** Readings that InfluxDB will not have, with what it said. SQL keeps them. */
export interface InfluxRejectsTable {
  reading_id: number;
  /** HTTP status; null: our own encoder refused it. */
  status: number | null;
  detail: string;
  rejected_at: number;
}

/** How far an InfluxDB has been given the readings that were stored without its outbox. */
export interface InfluxFeedsTable {
  /** `InfluxTarget.name` */
  target: string;
  /** The next reading to be put into the outbox; beyond `through_id`: all are. */
  next_id: number;
  /** Readings up to this one are, or were, in the outbox by this or by themselves. */
  through_id: number;
}

/** How far ingest has read each journal. */
export interface CursorsTable {
  journal: string;
  door: string;
  seq: number;
  /** Messages taken off it, each of which is in the tally: in an imported file not every number is one. */
  taken: number;
}

export interface LeasesTable {
  name: string;
  holder: string;
  expires_at: number;
}

/**
 * The clock that retention goes by, which follows the machine's only slowly; and how far the readings of SQL have moved on, see
 * `recent-readings.ts`.
 */
export interface RetentionClockTable {
  name: string;
  at: number;
}

/** How far the tables had come at a time of that clock. */
export interface RetentionMarksTable {
  at: number;
  uplink_id: number;
  quarantine_id: number;
  /** The earliest time that history imported since the mark before was observed at; null: none was. */
  backfilled_since: number | null;
}

/** What was refused, and what operators changed. Rows are only added; see `audit.ts`. */
export interface AuditTable {
  seq: number;
  at: number;
  /** Of a row that stands for several events: the last of them. */
  until_at: number;
  actor: string;
  action: string;
  subject: string;
  times: number;
  /** JSON object. */
  detail: string;
  /** SHA-256, hex, of the row and the hash before it. */
  hash: string;
}

/** Where the chain of the audit ends, and where what is kept of it begins. */
export interface AuditChainTable {
  name: string;
  base_seq: number;
  base_hash: string;
  head_seq: number;
  head_hash: string;
}

/** How far the audit had come at a time of retention's clock. */
export interface AuditMarksTable {
  at: number;
  seq: number;
}
