import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { IPublishPacket } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JournalWriter, JournalWriterOptions } from '../../journal/journal-writer.ts';
import { openJournalReader } from '../../journal/reader.ts';
import { openJournalWriter } from '../../journal/writer.ts';
import { Receiver } from './receiver.ts';
import type { ReceiveOutcome } from './receiver.ts';

let folder: string;
let journal: JournalWriter;

async function openJournal(options: Partial<JournalWriterOptions> = {}): Promise<void> {
  journal = await openJournalWriter({ folder, door: 'source-city', ...options });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunna-receiver-'));
});
afterEach(async () => {
  await journal.close();
  rmSync(folder, { recursive: true });
});

function packet(messageId: number, change: Partial<IPublishPacket> = {}): IPublishPacket {
  const payload = Buffer.from(`message ${messageId}`);
  const flags = { qos: 1, dup: false, retain: false } as const;
  return { cmd: 'publish', topic: 'a', payload, messageId, ...flags, ...change };
}

/** A receiver whose connection is a list of packet identifiers. */
function openReceiver(options: { readonly retained?: boolean; readonly backfill?: boolean } = {}) {
  const acknowledged: number[] = [];
  const outcomes: ReceiveOutcome[] = [];
  const failures: Error[] = [];
  const receiver = new Receiver({
    journal,
    principal: 'city',
    backfill: options.backfill ?? false,
    retained: options.retained ?? false,
    now: () => 1_790_000_000_000,
    write: (bytes) => {
      for (let offset = 0; offset < bytes.length; offset += 4) {
        const puback = Buffer.from(bytes.subarray(offset, offset + 4));
        expect(puback.readUInt16BE(0)).toBe(0x4002);
        acknowledged.push(puback.readUInt16BE(2));
      }
    },
    onFailure: (error) => failures.push(error),
    onOutcome: (outcome) => outcomes.push(outcome),
    onAcknowledged: () => {},
  });
  const receive = (each: IPublishPacket): Promise<void> =>
    new Promise((resolve) => receiver.receive(each, resolve));
  return { receiver, receive, acknowledged, outcomes, failures };
}

function readJournal() {
  const reader = openJournalReader(journal.file);
  try {
    return reader.read(0, 1_000).records;
  } finally {
    reader.close();
  }
}

describe('a receiver', () => {
  test('acknowledges in the order of arrival, with the identifier of each', async () => {
    await openJournal();
    const { receiver, receive, acknowledged, outcomes } = openReceiver();
    const ids = [7, 65_535, 1, 256, 255];
    for (const id of ids) await receive(packet(id));
    await receiver.stop();
    expect(acknowledged).toEqual(ids);
    expect(outcomes).toEqual(ids.map(() => 'journaled'));
  });

  test('keeps the message as it came, and says whose it is', async () => {
    await openJournal();
    const { receiver, receive } = openReceiver({ backfill: true });
    await receive(packet(9, { topic: 'å/b', payload: Buffer.of(0, 255), dup: true }));
    await receiver.stop();
    expect(readJournal()).toMatchObject([
      {
        receivedAtMs: 1_790_000_000_000,
        principal: 'city',
        topic: 'å/b',
        payload: Buffer.of(0, 255),
        qos: 1,
        messageId: 9,
        dup: true,
        backfill: true,
      },
    ]);
  });

  test('keeps messages of QoS 0, for which there is nothing to acknowledge', async () => {
    await openJournal();
    const { receiver, receive, acknowledged, outcomes } = openReceiver();
    const { messageId: _, ...rest } = packet(0);
    await receive({ ...rest, qos: 0 });
    await receiver.stop();
    expect(acknowledged).toEqual([]);
    expect(outcomes).toEqual(['journaled']);
    expect(readJournal()).toMatchObject([{ qos: 0, messageId: null }]);
  });

  test('counts retained messages and passes them over, in their turn, unless they are wanted', async () => {
    await openJournal();
    const { receiver, receive, acknowledged, outcomes } = openReceiver();
    await receive(packet(1));
    await receive(packet(2, { retain: true }));
    await receive(packet(3));
    await receiver.stop();
    expect(acknowledged).toEqual([1, 2, 3]);
    expect(outcomes).toEqual(['journaled', 'retained', 'journaled']);
    const wanting = openReceiver({ retained: true });
    await wanting.receive(packet(4, { retain: true }));
    await wanting.receiver.stop();
    expect(wanting.outcomes).toEqual(['journaled']);
    expect(readJournal()).toHaveLength(3);
  });

  test('acknowledges nothing behind a message that could not be kept', async () => {
    await openJournal();
    const { receiver, receive, acknowledged, outcomes, failures } = openReceiver();
    await receive(packet(1));
    await vi.waitFor(() => expect(acknowledged).toEqual([1]));
    const lock = new Sqlite(journal.file);
    lock.exec('begin immediate');
    await receive(packet(2));
    await receive(packet(3, { qos: 0 }));
    await vi.waitFor(() => expect(failures).toHaveLength(1), 10_000);
    lock.close();
    await receive(packet(4));
    await receiver.stop();
    expect(acknowledged).toEqual([1]);
    expect(outcomes).toEqual(['journaled', 'failed', 'dropped', 'failed']);
    expect(failures).toHaveLength(1);
    expect(readJournal()).toHaveLength(1);
  });

  test('asks for the next message only when the journal has room for it', async () => {
    await openJournal({ maxPendingRecords: 2 });
    const { receiver, receive, acknowledged, failures } = openReceiver();
    const lock = new Sqlite(journal.file);
    lock.exec('begin immediate');
    await receive(packet(1));
    await receive(packet(2));
    let hasAsked = false;
    const third = receive(packet(3)).then(() => (hasAsked = true));
    await new Promise(setImmediate);
    expect(hasAsked).toBe(false);
    lock.close();
    await third;
    await receiver.stop();
    expect(failures).toEqual([]);
    expect(acknowledged).toEqual([1, 2, 3]);
  });

  test('acknowledges nothing to a connection that has ended, though it keeps what it took', async () => {
    await openJournal();
    const { receiver, receive, acknowledged } = openReceiver();
    await receive(packet(1));
    receiver.close();
    await receive(packet(2));
    await receiver.stop();
    expect(acknowledged).toEqual([]);
    expect(readJournal()).toMatchObject([{ messageId: 1 }]);
  });
});
