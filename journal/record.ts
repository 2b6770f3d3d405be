/** One message as a door took it in: kept byte for byte, judged later by ingest. */
export interface JournalEntry {
  /** When the door had it, ms since 1970. */
  readonly receivedAtMs: number;
  /** Who sent it; `null` where authentication is switched off. */
  readonly principal: string | null;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  /** MQTT packet identifier; `null` at QoS 0 and at doors that have none. */
  readonly messageId: number | null;
  /** The sender says it may have sent this before. */
  readonly dup: boolean;
  /** The sender may send any past time. */
  readonly backfill: boolean;
}

/** An entry with its place in its journal. Numbers grow by the order of arrival and are never used twice. */
export interface JournalRecord extends JournalEntry {
  readonly seq: number;
  /** Only of recordings: the door that took it in first and its number there, 0 when that is not known. */
  readonly origin?: { readonly door: string; readonly seq: number };
}
