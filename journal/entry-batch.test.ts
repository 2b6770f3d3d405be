import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryBlock, decodeEntries, entrySize } from './entry-batch.ts';
import type { JournalEntry } from './record.ts';

const entries = fc.array(
  fc.record<JournalEntry>({
    receivedAtMs: fc.integer({ min: 0, max: 4e12 }),
    principal: fc.option(fc.string({ unit: 'grapheme' })),
    topic: fc.string({ unit: 'grapheme' }),
    payload: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    qos: fc.constantFrom(0, 1, 2),
    messageId: fc.option(fc.integer({ min: 1, max: 65_535 })),
    dup: fc.boolean(),
    backfill: fc.boolean(),
  }),
);

function encodeEntries(batch: readonly JournalEntry[]): Uint8Array {
  const block = new EntryBlock();
  for (const entry of batch) block.add(entry, entrySize(entry));
  return block.bytes;
}

test('entries come back as they were, and their size is never underrated', () => {
  fc.assert(
    fc.property(entries, (batch) => {
      const bytes = encodeEntries(batch);
      expect(decodeEntries(bytes)).toEqual(batch);
      expect(bytes.length).toBeLessThanOrEqual(
        batch.reduce((sum, entry) => sum + entrySize(entry), 0),
      );
    }),
  );
});

test('a block grows with what is put into it', () => {
  const payloads = [1, 10_000, 0, 300_000, 17].map((length) => Buffer.alloc(length, length));
  const batch = payloads.map((payload): JournalEntry => ({
    ...{ receivedAtMs: 1, principal: 'p', topic: 't', payload, qos: 1, messageId: 1 },
    ...{ dup: false, backfill: false },
  }));
  expect(decodeEntries(encodeEntries(batch))).toEqual(batch);
});

test('a lone surrogate becomes the replacement character', () => {
  const [entry] = decodeEntries(
    encodeEntries([
      {
        receivedAtMs: 1,
        principal: null,
        topic: 'a\ud800',
        payload: Buffer.alloc(0),
        qos: 0,
        messageId: null,
        dup: false,
        backfill: false,
      },
    ]),
  );
  expect(entry?.topic).toBe('a\ufffd');
});
