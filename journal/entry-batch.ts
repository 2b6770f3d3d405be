import type { JournalEntry } from './record.ts';

/**
 * Entries as one block of bytes, to be handed to the worker without a copy: cloning rows between threads costs more
 * than writing them. Per entry a head of fixed length, then principal, topic and payload.
 */
const HEAD_BYTES = 8 + 4 + 4 + 4 + 4 + 1;
const RECEIVED_AT = 0;
const PRINCIPAL_LENGTH = 8;
const TOPIC_LENGTH = 12;
const PAYLOAD_LENGTH = 16;
const MESSAGE_ID = 20;
const FLAGS = 24;

/** Stands for `null` in a length or a message id; neither gets that large. */
const NONE = 0xffff_ffff;

const QOS_BITS = 0b11;
const DUP_BIT = 0b100;
const BACKFILL_BIT = 0b1000;

/** How much of memory and of a batch an entry takes, in bytes. */
export function entrySize(entry: JournalEntry): number {
  // At most three bytes of UTF-8 per UTF-16 unit: an upper bound that needs no encoding.
  return (
    HEAD_BYTES + 3 * ((entry.principal?.length ?? 0) + entry.topic.length) + entry.payload.length
  );
}

/** Enough for a few dozen sensor messages; twice as much whenever that is not. */
const FIRST_BYTES = 8 * 1024;

/**
 * Entries on their way to the worker, as one block of bytes. Each is written down at once, so that nothing else of a message has
 * to be kept. A lone surrogate in a text becomes U+FFFD here: SQLite keeps UTF-8, and what is checksummed must come back
 * the same.
 */
export class EntryBlock {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;

  /** The bytes of all entries so far; whoever is given their buffer leaves nothing to add to. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** `size` is what {@link entrySize} says of the entry. */
  add(entry: JournalEntry, size: number): void {
    if (this.#length + size > this.#bytes.length) this.#grow(this.#length + size);
    this.#length = writeEntry(this.#bytes, this.#length, entry);
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * this.#bytes.length));
    larger.set(this.bytes);
    this.#bytes = larger;
  }
}

function writeEntry(bytes: Buffer, start: number, entry: JournalEntry): number {
  let offset = start + HEAD_BYTES;
  bytes.writeDoubleLE(entry.receivedAtMs, start + RECEIVED_AT);
  const principalLength = entry.principal === null ? NONE : bytes.write(entry.principal, offset);
  bytes.writeUInt32LE(principalLength, start + PRINCIPAL_LENGTH);
  if (principalLength !== NONE) offset += principalLength;
  const topicLength = bytes.write(entry.topic, offset);
  bytes.writeUInt32LE(topicLength, start + TOPIC_LENGTH);
  offset += topicLength;
  bytes.set(entry.payload, offset);
  bytes.writeUInt32LE(entry.payload.length, start + PAYLOAD_LENGTH);
  bytes.writeUInt32LE(entry.messageId ?? NONE, start + MESSAGE_ID);
  bytes[start + FLAGS] =
    entry.qos | (entry.dup ? DUP_BIT : 0) | (entry.backfill ? BACKFILL_BIT : 0);
  return offset + entry.payload.length;
}

export function decodeEntries(block: Uint8Array): JournalEntry[] {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const entries: JournalEntry[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const start = offset;
    offset += HEAD_BYTES;
    const take = (length: number): Buffer => bytes.subarray(offset, (offset += length));
    const principalLength = bytes.readUInt32LE(start + PRINCIPAL_LENGTH);
    const messageId = bytes.readUInt32LE(start + MESSAGE_ID);
    const flags = bytes.readUInt8(start + FLAGS);
    entries.push({
      receivedAtMs: bytes.readDoubleLE(start + RECEIVED_AT),
      principal: principalLength === NONE ? null : take(principalLength).toString(),
      topic: take(bytes.readUInt32LE(start + TOPIC_LENGTH)).toString(),
      payload: take(bytes.readUInt32LE(start + PAYLOAD_LENGTH)),
      // Safe: an EntryBlock put a quality of service there.
      qos: (flags & QOS_BITS) as JournalEntry['qos'],
      messageId: messageId === NONE ? null : messageId,
      dup: (flags & DUP_BIT) !== 0,
      backfill: (flags & BACKFILL_BIT) !== 0,
    });
  }
  return entries;
}
