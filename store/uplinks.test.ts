import { expect, test, vi } from 'vitest';
import { openTestStore } from './testing/open-test-store.ts';
import { findDeliveries } from './uplinks.ts';

test('earlier deliveries are found by the index of just those, however many other uplinks there are', async () => {
  await using opened = await openTestStore();
  const { store } = opened;
  if (store.kind !== 'sqlite') throw new Error('Test stores are SQLite');
  const prepare = vi.spyOn(store.sqlite, 'prepare');
  const delivery = { content_hash: 'abc', received_at: 1_000 };
  await store.db.transaction().execute((trx) => findDeliveries(trx, [delivery], 10));
  const query = prepare.mock.calls.map(([text]) => text).find((text) => text.includes('"uplinks"'));
  prepare.mockRestore();
  const plan = store.sqlite.prepare(`explain query plan ${query}`).all('abc', 990, 1_010);
  expect(JSON.stringify(plan)).toContain('SEARCH uplinks USING INDEX uplinks_arrivals');
});
