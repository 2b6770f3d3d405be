import { afterAll, describe, expect, test } from 'vitest';
import { insertRows } from '../../store/insert-rows.ts';
import type { RowInsert } from '../../store/insert-rows.ts';
import { insertReadings, insertUplinks } from '../../store/uplinks.ts';
import type { NewUplink } from '../../store/schema.ts';
import { needs } from '../servers/needs.ts';
import { DIALECTS, openDialect, stopDialects } from './dialects.ts';

afterAll(stopDialects);

/** More than PostgreSQL gets in one statement. */
const MANY = 4_500;

function uplink(identity: string, more: Partial<NewUplink> = {}): NewUplink {
  return {
    ...{ identity, device_id: 'dev-1', kind: 'reading', envelope: 'tunna-json', model: null },
    ...{ f_port: null, sensor_bytes: null, door: 'mqtt', journal_seq: 9_007_199_254_740_991 },
    ...{ received_at: 1_795_000_000_000, principal: null, message_id: null, dup: 0, backfill: 0 },
    ...{ topic: 'bins/dev-1/up', payload: Buffer.from('{}'), content_hash: '' },
    ...more,
  };
}

function reading(uplink_id: number, part: number) {
  return {
    ...{ uplink_id, part, device_id: 'dev-1', bin_id: 'bin-1', mounting_id: 1, observed_at: 2 },
    ...{ received_at: 3, late: 0 as const, clock_reason: null, fill_percent: 118.1, quality: 4 },
    ...{ quality_reason: 'q', distance_mm: 0.1 + 0.2, reported_fill_percent: -1e-7 },
    ...{ temperature_c: 5e-324, battery_percent: null, battery_v: 3.6, tilted: 1 as const },
    ...{ alarms: '["fire"]', extras: '{"csq":3}', sensor_fault: 'too "close" \\ å € 🗑' },
  };
}

for (const dialect of DIALECTS) {
  const suite = dialect === 'postgres' ? needs('postgresql-15') : describe;
  suite(`inserting many rows on ${dialect}`, () => {
    test('keeps every byte, number and text as it was', async () => {
      await using opened = await openDialect(dialect);
      const { store } = opened;
      const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      const rows = [
        uplink('a', { payload: all, sensor_bytes: all.subarray(3), model: "it's å \\ 🗑" }),
        uplink('b', { payload: new Uint8Array(), f_port: 85, message_id: 65_535, dup: 1 }),
      ];
      const [first, second] = await store.db.transaction().execute(async (trx) => {
        const ids = await insertUplinks(trx, store, rows);
        const readings = [reading(ids.get('b') ?? 0, 1), reading(ids.get('b') ?? 0, 0)];
        return await insertReadings(trx, store, readings);
      });
      const uplinks = await store.db.selectFrom('uplinks').selectAll().orderBy('id').execute();
      expect(uplinks.map(({ id: _, ...row }) => row)).toEqual([
        { ...rows[0], sensor_bytes: Buffer.from(all.subarray(3)) },
        { ...rows[1], payload: Buffer.alloc(0) },
      ]);
      const readings = await store.db.selectFrom('readings').selectAll().orderBy('id').execute();
      expect(readings).toEqual([first, second]);
      expect(readings.map(({ id: _, ...row }) => row)).toEqual([
        reading(second?.uplink_id ?? 0, 1),
        reading(second?.uplink_id ?? 0, 0),
      ]);
    });

    test('says the id of each new row, in their order, and of none that was there', async () => {
      await using opened = await openDialect(dialect);
      const { store } = opened;
      const many = Array.from({ length: MANY }, (_, index) => uplink(`many-${index}`));
      const some = many.filter((_, index) => index % 3 === 0);
      const [before, after] = await store.db
        .transaction()
        .execute(async (trx) => [
          await insertUplinks(trx, store, some),
          await insertUplinks(trx, store, many),
        ]);
      expect(before?.size).toBe(some.length);
      expect(after?.size).toBe(MANY - some.length);
      const rows = await store.db.selectFrom('uplinks').select(['id', 'identity']).execute();
      const stored = new Map(rows.map(({ id, identity }) => [identity, id]));
      expect(new Map([...(before ?? []), ...(after ?? [])])).toEqual(stored);
    });

    test('undoes all of them with their transaction', async () => {
      await using opened = await openDialect(dialect);
      const { store } = opened;
      const insert: RowInsert<{ id: string; model: string | null }> = {
        table: 'devices',
        columns: { id: true, model: true },
      };
      const rows = [
        { id: 'a', model: null },
        { id: 'a', model: 'twice' },
      ];
      const transaction = store.db
        .transaction()
        .execute((trx) => insertRows(trx, store, insert, rows));
      await expect(transaction).rejects.toThrow(/unique/i);
      expect(await store.db.selectFrom('devices').selectAll().execute()).toEqual([]);
    });

    test('of no rows does nothing', async () => {
      await using opened = await openDialect(dialect);
      const { store } = opened;
      const ids = await store.db.transaction().execute((trx) => insertUplinks(trx, store, []));
      expect(ids.size).toBe(0);
    });
  });
}
