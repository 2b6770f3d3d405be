import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Store } from '../../store/database.ts';
import { COLUMN_KINDS } from '../../store/migrations/column-kinds.ts';
import { MIGRATIONS } from '../../store/migrations/list.ts';

/** The names of all steps of the schema, in order. */
export const STEPS: readonly string[] = Object.keys(MIGRATIONS);

/**
 * What a town has written by the time it gets the next step, in the words of its time: never in the code's own, which
 * has moved on. A step that only adds indexes needs nothing here.
 */
const WRITTEN_AFTER: Readonly<Record<string, readonly string[]>> = {
  '0001-town': [
    `insert into bins values ('bin-1', 'Torget', 'By the "fountain"', 'residual', 'Centrum', 59.19, 17.62, 660, 80)`,
    `insert into bins values ('bin-2', 'Kajen', null, 'clear-glass', null, 59.2, 17.63, null, 70)`,
    `insert into devices values ('dev-1', 'milesight/em400-mud', 900), ('dev-2', null, null)`,
    `insert into device_states values ('dev-1', 1770000000000, 1770000000000, 87.5, 3.6)`,
    `insert into principals values ('gw', 'gateway', 'aa', 'bb', 1770000000001, '["v3/#"]', 1, null)`,
    `insert into mountings (device_id, bin_id, from_at, to_at, shape, empty_distance_mm, full_distance_mm, blind_zone_mm)
       values ('dev-1', 'bin-1', 0, 1770000000500, 'prism', 1200.5, 200, 30), ('dev-1', 'bin-2', 1770000000500, null, null, null, null, null)`,
    `insert into uplinks (identity, device_id, kind, envelope, model, f_port, sensor_bytes, door, journal_seq, received_at,
         principal, message_id, backfill, topic, payload, content_hash)
       values ('in:1', 'dev-1', 'reading', 'tts-v3', 'milesight/em400-mud', 85, $bytes, 'mqtt', 1, 1770000000000, 'gw', 7, 0,
           'v3/app/devices/dev-1/up', $bytes, 'c1'),
         ('ob:2', 'dev-2', 'status', 'tunna-json', null, null, null, 'mqtt', 2, 1770000000100, null, null, 1, 'bins/dev-2/up', $bytes, 'c2')`,
    `insert into readings (uplink_id, part, device_id, bin_id, mounting_id, observed_at, received_at, late, clock_reason,
         fill_percent, quality, quality_reason, distance_mm, reported_fill_percent, temperature_c, battery_percent, battery_v,
         tilted, alarms, sensor_fault)
       values (1, 0, 'dev-1', 'bin-1', 1, 1770000000000, 1770000000000, 0, null, 33.3, 4, null, 867, null, -4.5, 87.5, 3.6, 0, '[]', null),
         (1, 1, 'dev-1', null, null, 1769990000000, 1770000000000, 1, 'ahead', null, 1, 'no-echo', null, 12, null, null, null, 1,
           '["fire"]', 'no-echo')`,
    `insert into bin_states values ('bin-1', 1, 'dev-1', 1770000000000, 'in:1', 0, 33.3, 4, -4.5, 87.5, '["tilted"]')`,
    `insert into quarantine (digest, reason, detail, device_id, door, journal_seq, first_received_at, last_received_at, times,
         principal, backfill, qos, message_id, topic, payload, resolved_at)
       values ('d1', 'no-codec', 'åäö 🗑', 'dev-9', 'mqtt', 3, 1770000000200, 1770000000300, 2, 'gw', 0, 1, 9, 'v3/x', $bytes, null)`,
    `insert into tally values ('stored', '', 2), ('duplicate', '', 1), ('quarantined', 'no-codec', 2)`,
    `insert into changes (kind, id) values ('bin', 'bin-1'), ('quarantine', '')`,
    `insert into outbox (reading_id) values (1)`,
    `insert into cursors values ('journal-a', 'mqtt', 5)`,
    `insert into leases values ('retention', 'somebody', 1770000000000)`,
  ],
  '0002-redeliveries': [`update uplinks set dup = 1 where id = 2`],
  '0004-extras': [`update readings set extras = '{"echoes":3}' where id = 1`],
  '0005-geometry': [
    `update mountings set area_ratio = 0.6, temperature_reference_c = 20 where id = 1`,
    `insert into recomputes (device_id, from_at, to_at, next_at, next_id, done, total, requested_at)
       values ('dev-1', 0, null, 1770000000000, 1, 1, 2, 1770000001000)`,
  ],
  '0006-commands': [
    `insert into commands (id, device_id, kind, request, f_port, bytes, door, topic, payload, state, requested_at, requested_by,
         expires_at, attempts)
       values ('5f0c', 'dev-1', 'interval', '{}', 85, $bytes, 'broker', 'v3/down', '{}', 'queued', 1770000000000, 'office', 1770086400000, 0)`,
  ],
  '0010-retention': [
    `insert into retention_clock values ('retention', 1770000000000)`,
    `insert into retention_marks values (1770000000000, 2, 1)`,
  ],
};

/** All 256 bytes: what a database may change, it changes in one of them. */
const BYTES_HEX = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('hex');

/** Makes an empty database one that a town has used up to and including a step. */
export async function growUpTo(store: Store, lastStep: string): Promise<void> {
  const bytes = store.kind === 'sqlite' ? `x'${BYTES_HEX}'` : `'\\x${BYTES_HEX}'::bytea`;
  for (const step of STEPS.slice(0, STEPS.indexOf(lastStep) + 1)) {
    await migrateTo(store, step);
    for (const statement of WRITTEN_AFTER[step] ?? []) {
      await sql.raw(statement.replaceAll('$bytes', bytes)).execute(store.db);
    }
  }
}

async function migrateTo(store: Store, step: string): Promise<void> {
  const kinds = COLUMN_KINDS[store.kind];
  const entries = Object.entries(MIGRATIONS).slice(0, STEPS.indexOf(step) + 1);
  const migrations = Object.fromEntries(
    entries.map(([name, up]) => [name, { up: (db: Parameters<typeof up>[0]) => up(db, kinds) }]),
  );
  const provider = { getMigrations: () => Promise.resolve(migrations) };
  const { error } = await new Migrator({ db: store.db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
}

/** The rows of every table, in the columns that it has now or that an earlier look has named. */
export type Content = Readonly<
  Record<string, { readonly columns: readonly string[]; readonly rows: readonly string[] }>
>;

/**
 * Reads everything in a database.
 * @param like an earlier look: only its tables and columns are read
 */
export async function readContent(store: Store, like?: Content): Promise<Content> {
  const tables = await store.db.introspection.getTables();
  const content: Record<string, Content[string]> = {};
  for (const { name, columns: found } of tables) {
    if (like !== undefined && !(name in like)) continue;
    const columns = like?.[name]?.columns ?? found.map((column) => column.name).sort();
    const list = sql.join(columns.map((column) => sql.ref(column)));
    const { rows } = await sql<object>`select ${list} from ${sql.table(name)}`.execute(store.db);
    content[name] = { columns, rows: rows.map((row) => JSON.stringify(row)).sort() };
  }
  return content;
}
