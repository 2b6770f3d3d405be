import type { JournalEntry } from '../../journal/record.ts';

/** An entry whose content follows from its number, of 60 to 760 bytes so that pages fill unevenly. */
export function toEntry(number: number): JournalEntry {
  const text = JSON.stringify({ seq: number, note: 'x'.repeat(((number * 37) % 71) * 10) });
  return {
    receivedAtMs: 1_770_000_000_000 + number,
    principal: 'dev-0',
    topic: 'bins/dev-0/up',
    payload: Buffer.from(text),
    qos: 1,
    messageId: number % 65_536,
    dup: false,
    backfill: false,
  };
}
