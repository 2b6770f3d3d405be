import { afterAll, describe, expect, test } from 'vitest';
import { adoptUnknownDevice } from '../../ingest/adopt-unknown.ts';
import { deviceId, binId } from '../../domain/testing/test-ids.ts';
import { saveDevices } from '../../store/devices.ts';
import type { Store } from '../../store/database.ts';
import {
  createToken,
  findPrincipalsByTokenHash,
  hashToken,
  rotateToken,
  savePrincipal,
} from '../../store/principals.ts';
import { listQuarantine, saveQuarantined } from '../../store/quarantine.ts';
import {
  groupQuarantine,
  groupQuarantineByMaker,
  listDevicesOfMaker,
} from '../../store/views/quarantine-groups.ts';
import { listOpenIds, listQuarantinePage } from '../../store/views/quarantine-list.ts';
import { addBin, arrival } from '../../ingest/testing/sample-town.ts';
import { checkBooks } from '../../ingest/testing/check-books.ts';
import { storeArrivals } from '../../ingest/store-arrivals.ts';
import { needs } from '../servers/needs.ts';
import { DIALECTS, openDialect, stopDialects } from './dialects.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);

afterAll(stopDialects);

/** Sets aside messages of devices (`null`: of nobody) for a reason; the payload is the device's maker. */
async function setAside(
  store: Store,
  rows: readonly (readonly [string | null, string, number])[],
): Promise<void> {
  const messages = rows.map(([device, reason, receivedAtMs], index) => ({
    ...{ reason, detail: 'x', deviceId: device },
    message: arrival({ topic: `t/${index}`, payload: `maker-of-${device}`, receivedAtMs }),
  }));
  await store.db.transaction().execute((trx) => saveQuarantined(trx, messages));
}

const guess = ({ payload }: { readonly payload: Uint8Array }): string | undefined =>
  Buffer.from(payload).toString().includes('anon') ? undefined : 'guessed';

for (const dialect of DIALECTS) {
  const suite = dialect === 'postgres' ? needs('postgresql-15') : describe;
  suite(`on ${dialect}, the quarantine`, () => {
    test('is grouped by column and by maker, with numbers that are numbers', async () => {
      await using opened = await openDialect(dialect);
      const { store } = opened;
      await setAside(store, [
        ['a', 'clock', NOW_MS - 5],
        ['a', 'impossible', NOW_MS - 4],
        ['b', 'clock', NOW_MS - 3],
        ['anon', 'clock', NOW_MS - 2],
        [null, 'not-json', NOW_MS - 1],
      ]);
      await saveDevices(store, [
        { id: deviceId('b'), model: 'acme/x-1', reportIntervalSeconds: null },
      ]);
      const [clock] = await groupQuarantine(store, 'reason');
      expect(clock).toEqual({
        ...{ key: 'clock', messages: 3, times: 3, devices: 3 },
        ...{ firstReceivedAtMs: NOW_MS - 5, lastReceivedAtMs: NOW_MS - 2 },
        exampleId: expect.any(Number),
      });
      const devices = await groupQuarantine(store, 'device_id');
      expect(devices.map(({ key, messages }) => [key, messages])).toEqual([
        ['a', 2],
        [null, 1],
        ['anon', 1],
        ['b', 1],
      ]);
      const makers = await groupQuarantineByMaker(store, guess);
      expect(makers.map(({ key, messages, devices: count }) => [key, messages, count])).toEqual([
        // The one with the newest message first.
        [null, 2, 1],
        ['guessed', 2, 1],
        ['acme', 1, 1],
      ]);
      expect(await listDevicesOfMaker(store, 'guessed', guess)).toEqual(['a']);
    });

    test('is listed page by page, also where many came at one moment', async () => {
      await using opened = await openDialect(dialect);
      const { store } = opened;
      await setAside(
        store,
        Array.from({ length: 25 }, (_, index) => ['a', 'clock', NOW_MS + (index % 3)] as const),
      );
      const ids: number[] = [];
      let after: { lastReceivedAtMs: number; id: number } | undefined;
      do {
        const page = { limit: 4, after, includeResolved: false };
        const rows = await listQuarantinePage(store, { reason: 'clock' }, page);
        ids.push(...rows.map(({ id }) => id));
        const last = rows.at(-1);
        after = last && { lastReceivedAtMs: last.last_received_at, id: last.id };
      } while (after !== undefined);
      expect(new Set(ids).size).toBe(25);
      expect(ids).toHaveLength(25);
      const open = { afterId: 0, limit: 100 };
      expect(await listOpenIds(store, { deviceIds: [] }, open)).toEqual([]);
      expect(await listQuarantine(store.db, { deviceIds: [] })).toEqual([]);
      expect(await listQuarantine(store.db, { deviceIds: ['a'] })).toHaveLength(25);
      expect(await listOpenIds(store, { deviceIds: ['a', 'b'] }, open)).toEqual(
        ids.toSorted((one, other) => one - other),
      );
    });

    test('gives a device back, part by part', async () => {
      await using opened = await openDialect(dialect);
      const { store } = opened;
      await addBin(store, 'bin-1');
      const messages = Array.from({ length: 7 }, (_, index) => {
        const payload = { observedAt: NOW_MS + index, fillPercent: 40 };
        return arrival({ topic: 'bins/stranger/up', payload, receivedAtMs: NOW_MS + index });
      });
      await store.db.transaction().execute((trx) => storeArrivals(trx, store, messages));
      const request = {
        ...{ deviceId: deviceId('stranger'), binId: binId('bin-1'), model: null },
        ...{ geometry: null, reportIntervalSeconds: null },
      };
      const context = { nowMs: NOW_MS, sources: [], most: 5 };
      const adopted = await adoptUnknownDevice(store, request, context);
      expect(adopted).toMatchObject({
        ok: true,
        resolved: 5,
        refused: 0,
        next: expect.any(Number),
      });
      expect(await listOpenIds(store, {}, { afterId: 0, limit: 10 })).toHaveLength(2);
      const again = await adoptUnknownDevice(store, request, context);
      expect(again).toMatchObject({ ok: false, reason: 'registered' });
      await checkBooks(store, 7);
    });
  });

  suite(`on ${dialect}, principals`, () => {
    test('are found by the hash of their token, the old one too', async () => {
      await using opened = await openDialect(dialect);
      const { store } = opened;
      const [old, young] = [createToken(), createToken()];
      const principal = { id: 'office', kind: 'operator', prefixes: [], backfill: false } as const;
      await savePrincipal(store, principal, old);
      await savePrincipal(store, { ...principal, id: 'other' }, createToken());
      await rotateToken(store, 'office', young, NOW_MS);
      for (const token of [old, young]) {
        const found = await findPrincipalsByTokenHash(store, hashToken(token));
        expect(found.map(({ id, kind }) => [id, kind])).toEqual([['office', 'operator']]);
      }
      expect(await findPrincipalsByTokenHash(store, hashToken('x'))).toEqual([]);
    });
  });
}
