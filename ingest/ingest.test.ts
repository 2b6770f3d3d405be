import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { openJournalWriter } from '../journal/writer.ts';
import type { JournalEntry } from '../journal/record.ts';
import { readTally } from '../store/tally.ts';
import { openTestStore } from '../store/testing/open-test-store.ts';
import { createIngest } from './ingest.ts';
import { addMountedDevice } from './testing/sample-town.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const log = pino({ level: 'silent' });

function entry(topic: string, payload: string | Uint8Array): JournalEntry {
  return {
    receivedAtMs: NOW_MS,
    principal: 'dev-1',
    topic,
    payload: Buffer.from(payload),
    qos: 1,
    messageId: 1,
    dup: false,
    backfill: false,
  };
}

async function openLine() {
  const test = await openTestStore();
  const journalFolder = join(test.folder, 'journals');
  await addMountedDevice(test.store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
  const writer = await openJournalWriter({ folder: journalFolder, door: 'mqtt' });
  const start = () => {
    const ingest = createIngest({ store: test.store, journalFolder, log });
    ingest.start();
    return ingest;
  };
  return {
    ...test,
    writer,
    start,
    async [Symbol.asyncDispose]() {
      await writer.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

async function countMessages(line: Awaited<ReturnType<typeof openLine>>): Promise<number> {
  const tally = await readTally(line.store.db);
  return tally.reduce((sum, { count }) => sum + count, 0);
}

describe('ingest', () => {
  it('stores what is in the journal and what comes later, once', async () => {
    await using line = await openLine();
    await line.writer.append(entry('bins/dev-1/up', '{"observedAt":1,"seq":1,"fillPercent":10}'));
    const first = line.start();
    await vi.waitFor(async () => expect(await countMessages(line)).toBe(1), 5_000);
    await line.writer.append(entry('bins/dev-1/up', `{"observedAt":${NOW_MS},"fillPercent":20}`));
    await vi.waitFor(async () => expect(await countMessages(line)).toBe(2), 5_000);
    await first.stop();
    const second = line.start();
    await line.writer.append(entry('bins/dev-1/up', `{"observedAt":${NOW_MS},"fillPercent":30}`));
    await vi.waitFor(async () => expect(await countMessages(line)).toBe(3), 5_000);
    await second.stop();
    const rows = await line.store.db
      .selectFrom('readings')
      .select('fill_percent')
      .orderBy('id')
      .execute();
    expect(rows.map((row) => row.fill_percent)).toEqual([10, 20, 30]);
  });

  it('gives every bad message a reason, and neighbours are stored', async () => {
    await using line = await openLine();
    const bad: readonly (readonly [string, string | Uint8Array])[] = [
      ['bins/dev-1/up', ''],
      ['bins/dev-1/up', '   '],
      ['bins/dev-1/up', 'NaN'],
      ['bins/dev-1/up', '{"fillPercent":NaN}'],
      ['bins/dev-1/up', '{"fillPercent":1e999}'],
      ['bins/dev-1/up', '{"fillPercent":"50"}'],
      ['bins/dev-1/up', '{"fillPercent":-1}'],
      ['bins/dev-1/up', '{"fillPercent":50,"surprise":1}'],
      ['bins/dev-1/up', '{"temperatureC":5}'],
      ['bins/dev-1/up', '{"observedAt":"yesterday","fillPercent":50}'],
      ['bins/dev-1/up', '{"observedAt":8640000000000001,"fillPercent":50}'],
      ['bins/dev-1/up', '{"fillPercent":50'],
      ['bins/dev-1/up', '['.repeat(100_000)],
      ['bins/dev-1/up', Buffer.from('{"fillPercent":50}', 'utf16le')],
      ['bins/dev-1/up', Buffer.from([0xff, 0xfe, 0x00])],
      ['bins/dev-1/up', Buffer.from([0x1f, 0x8b, 0x08])],
      ['bins/dev-1/up', '{"fillPercent":50,"tilted":"\\ud800"}'],
      ['bins/stranger/up', '{"fillPercent":50}'],
      ['bins/__proto__/up', '{"fillPercent":50}'],
      ['bins/a b/up', '{"fillPercent":50}'],
      ['elsewhere', '{"fillPercent":50}'],
      ['v3/app/devices/d/up', '{"end_device_ids":{}}'],
      ['application/x/device/y/event/up', '[]'],
      ['bins/dev-1/up\0', '{"fillPercent":50}'],
    ];
    let good = 0;
    for (const [topic, payload] of bad) {
      await line.writer.append(entry(topic, payload));
      await line.writer.append(
        entry('bins/dev-1/up', `{"fillPercent":50,"observedAt":${NOW_MS + good++}}`),
      );
    }
    const ingest = line.start();
    await vi.waitFor(async () => expect(await countMessages(line)).toBe(2 * bad.length), 10_000);
    await ingest.stop();
    const tally = await readTally(line.store.db);
    const quarantined = tally.filter(({ outcome }) => outcome === 'quarantined');
    expect(quarantined.reduce((sum, { count }) => sum + count, 0)).toBe(bad.length);
    expect(quarantined.map(({ reason }) => reason)).not.toContain('internal-error');
    const kept = await line.store.db
      .selectFrom('quarantine')
      .select(['topic', 'reason', 'detail', 'payload'])
      .execute();
    expect(kept).toHaveLength(bad.length);
    expect(kept.every(({ detail }) => detail.length > 0)).toBe(true);
  });

  it('finds journals that appear later, and goes on after the database has failed', async () => {
    await using line = await openLine();
    const ingest = line.start();
    await using other = await openDoor(join(line.folder, 'journals'), 'http');
    await line.store.db.schema.alterTable('tally').renameTo('tally_away').execute();
    await other.writer.append(entry('bins/dev-1/up', '{"fillPercent":70}'));
    await vi.waitFor(
      async () => expect(await ingest.registry.metrics()).toMatch(/failures_total [1-9]/),
      10_000,
    );
    await line.store.db.schema.alterTable('tally_away').renameTo('tally').execute();
    await vi.waitFor(async () => expect(await countMessages(line)).toBe(1), 10_000);
    await ingest.stop();
  });
});

async function openDoor(folder: string, door: string) {
  const writer = await openJournalWriter({ folder, door });
  return { writer, [Symbol.asyncDispose]: () => writer.close() };
}
