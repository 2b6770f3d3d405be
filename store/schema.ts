import type { ColumnType, Generated, Insertable, Selectable } from 'kysely';
import type {
  AuditChainTable,
  AuditMarksTable,
  AuditTable,
  ChangesTable,
  InfluxFeedsTable,
  InfluxRejectsTable,
  OutboxTable,
  CursorsTable,
  LeasesTable,
  RetentionClockTable,
  RetentionMarksTable,
} from './plumbing-schema.ts';
import type { Geometry } from '../domain/geometry.ts';

/**
 * The SQL tables, the same in SQLite and PostgreSQL. Conventions: times are `*_at`, milliseconds since 1970;
 * truth values are 0 or 1; lists are JSON text; names are the domain's words in snake_case.
 */
export interface Database {
  bins: BinsTable;
  devices: DevicesTable;
  device_states: DeviceStatesTable;
  principals: PrincipalsTable;
  mountings: MountingsTable;
  recomputes: RecomputesTable;
  uplinks: UplinksTable;
  readings: ReadingsTable;
  bin_states: BinStatesTable;
  quarantine: QuarantineTable;
  commands: CommandsTable;
  tally: TallyTable;
  changes: ChangesTable;
  outbox: OutboxTable;
  influx_rejects: InfluxRejectsTable;
  influx_feeds: InfluxFeedsTable;
  cursors: CursorsTable;
  leases: LeasesTable;
  retention_clock: RetentionClockTable;
  retention_marks: RetentionMarksTable;
  audit: AuditTable;
  audit_chain: AuditChainTable;
  audit_marks: AuditMarksTable;
}

/** A truth value as both databases keep it. */
export type Flag = 0 | 1;

/** Bytes: `Buffer` out of either driver, any bytes in. */
type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>;

interface BinsTable {
  id: string;
  name: string;
  description: string | null;
  stream: string;
  area: string | null;
  lat: number;
  lng: number;
  volume_litres: number | null;
  threshold_percent: number;
}

interface DevicesTable {
  id: string;
  /** Codec that reads its bytes; null when its messages carry values, or say which codec. */
  model: string | null;
  report_interval_seconds: number | null;
}

/** What was last heard of a device, level or not. */
interface DeviceStatesTable {
  device_id: string;
  /** Time of its newest message, by the time the message was filed under. */
  last_seen_at: number;
  /** The newest battery value and when it was measured. */
  battery_at: number | null;
  battery_percent: number | null;
  battery_v: number | null;
}

interface PrincipalsTable {
  id: string;
  kind: 'device' | 'gateway' | 'reader' | 'operator';
  /** SHA-256 of the token, hex: a random 256-bit token needs no slow hash. */
  token_hash: string;
  /** The token before the last rotation, which still works until `old_token_until`. */
  old_token_hash: string | null;
  old_token_until: number | null;
  /** JSON list of topic prefixes a gateway may publish under, such as `v3/#`. */
  prefixes: string;
  backfill: Flag;
  revoked_at: number | null;
  /** When its credential was seen in two places at once, and what was seen (JSON). */
  clone_suspected_at: number | null;
  clone_detail: string | null;
}

/** A device in a bin. Spans of one device never overlap. */
interface MountingsTable {
  id: Generated<number>;
  device_id: string;
  bin_id: string;
  /** 0: as far back as readings go. */
  from_at: number;
  to_at: number | null;
  shape: Geometry['shape'] | null;
  empty_distance_mm: number | null;
  full_distance_mm: number | null;
  blind_zone_mm: number | null;
  /** Only of a taper. */
  area_ratio: number | null;
  /** JSON list of `StrappingRow`; only of a strapping table. */
  strapping_table: string | null;
  temperature_reference_c: number | null;
}

/** A span of a device's readings that still follow from its mountings as they were. Gone when all are computed anew. */
interface RecomputesTable {
  id: Generated<number>;
  device_id: string;
  from_at: number;
  to_at: number | null;
  /** The reading (time and number) before which the next step goes on: from the newest to the oldest. */
  next_at: number;
  next_id: number;
  done: number;
  /** Readings of the span when it was asked for. */
  total: number;
  requested_at: number;
}

/** One uplink, however often it came; the row keeps the earliest arrival. */
interface UplinksTable {
  id: Generated<number>;
  identity: string;
  device_id: string;
  kind: 'reading' | 'status';
  envelope: string;
  model: string | null;
  f_port: number | null;
  /** The sensor's own bytes where the message wraps them. */
  sensor_bytes: Bytes | ColumnType<null, null, null>;
  /** The journal it came through, and its place there. */
  door: string;
  journal_seq: number;
  received_at: number;
  principal: string | null;
  message_id: number | null;
  /** Marked by its sender as a redelivery. */
  dup: Flag;
  backfill: Flag;
  topic: string;
  payload: Bytes;
  /** SHA-256 of device and payload, hex: finds redeliveries of messages that say no time. */
  content_hash: string;
}

/** One measurement of an uplink. Raw values stay; fill and quality follow from them and the mounting. */
interface ReadingsTable {
  id: Generated<number>;
  uplink_id: number;
  part: number;
  device_id: string;
  bin_id: string | null;
  mounting_id: number | null;
  observed_at: number;
  received_at: number;
  late: Flag;
  clock_reason: string | null;
  fill_percent: number | null;
  quality: number;
  quality_reason: string | null;
  distance_mm: number | null;
  reported_fill_percent: number | null;
  temperature_c: number | null;
  battery_percent: number | null;
  battery_v: number | null;
  tilted: Flag | null;
  alarms: string;
  /** JSON object of what the sensor said beside its level (`MeasurementExtras`); null: nothing. */
  extras: string | null;
  sensor_fault: string | null;
}

/** The newest believable level of a bin: a copy of one reading. */
interface BinStatesTable {
  bin_id: string;
  reading_id: number;
  device_id: string;
  observed_at: number;
  /** Identity of the reading's uplink and its part: decides between levels of one instant. */
  identity: string;
  part: number;
  fill_percent: number;
  quality: number;
  temperature_c: number | null;
  battery_percent: number | null;
  /** JSON list of the reasons that stand in the reading, such as `tilted`. */
  reasons: string;
}

/** A message that is not a reading, with why. Copies of one message share a row, which keeps the earliest arrival. */
interface QuarantineTable {
  id: Generated<number>;
  /** SHA-256, hex, of what makes a message one and the same. */
  digest: string;
  reason: string;
  detail: string;
  device_id: string | null;
  door: string;
  journal_seq: number;
  first_received_at: number;
  last_received_at: number;
  times: number;
  principal: string | null;
  backfill: Flag;
  qos: number;
  message_id: number | null;
  dup: Flag;
  topic: string;
  payload: Bytes;
  /** When it was replayed into a reading; null while open. */
  resolved_at: number | null;
}

/** What a device is asked to do, with the whole message that asks it, and what became of it. */
interface CommandsTable {
  /** A UUID. */
  id: string;
  device_id: string;
  kind: string;
  /** JSON of the `CommandRequest`; raw bytes as hexadecimal text. */
  request: string;
  /** Of LoRaWAN devices: application port and bytes. */
  f_port: number | null;
  bytes: Bytes | ColumnType<null, null, null>;
  /** Who publishes it: `broker`, or the MQTT source that hears the device, such as `source-tts`. */
  door: string;
  /** `broker`: the principal that gets it, since it speaks for the device or is it. */
  principal: string | null;
  /** What the network server calls the device, where that is not its id. */
  network_name: string | null;
  topic: string;
  payload: string;
  /** Follows from the times below. */
  state: 'queued' | 'sent' | 'acknowledged' | 'failed' | 'expired';
  /** Why it failed. */
  detail: string | null;
  requested_at: number;
  requested_by: string;
  expires_at: number;
  /** How often it was published; more than once only after a crash or a lost connection. */
  attempts: number;
  /** The first time. */
  attempted_at: number | null;
  /** The process that is publishing it, and until when no other may. */
  claimed_by: string | null;
  claimed_until: number | null;
  sent_at: number | null;
  acknowledged_at: number | null;
  failed_at: number | null;
  expired_at: number | null;
}

/** What became of every message taken off the journals: the outcomes add up to the messages. */
interface TallyTable {
  outcome: 'stored' | 'duplicate' | 'quarantined';
  reason: string;
  count: number;
}

export type BinRow = Selectable<BinsTable>;
export type DeviceRow = Selectable<DevicesTable>;
export type PrincipalRow = Selectable<PrincipalsTable>;
export type MountingRow = Selectable<MountingsTable>;
export type RecomputeRow = Selectable<RecomputesTable>;
export type UplinkRow = Selectable<UplinksTable>;
export type ReadingRow = Selectable<ReadingsTable>;
export type BinStateRow = Selectable<BinStatesTable>;
export type DeviceStateRow = Selectable<DeviceStatesTable>;
export type QuarantineRow = Selectable<QuarantineTable>;
export type AuditRow = Selectable<AuditTable>;
export type CommandRow = Selectable<CommandsTable>;
export type NewCommand = Insertable<CommandsTable>;
export type NewUplink = Insertable<UplinksTable>;
export type NewReading = Insertable<ReadingsTable>;
export type NewMounting = Insertable<MountingsTable>;
export type NewQuarantine = Insertable<QuarantineTable>;
