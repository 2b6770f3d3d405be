import { describe, expect, it } from 'vitest';
import { openTestStore } from '../testing/open-test-store.ts';
import { seedBin, seedDevice, seedReadings } from '../views/testing/seed-town.ts';
import { feedInflux } from './feed-influx.ts';
import type { InfluxTarget } from './influx-target.ts';

describe('feeding InfluxDB', () => {
  it('strikes off only what it has sent, though more comes in meanwhile under lower numbers', async () => {
    await using test = await openTestStore({ feedsInflux: true });
    const { store } = test;
    await seedBin(store, 'bin-1');
    await seedDevice(store, { id: 'dev-1', binId: 'bin-1' });
    const seed = { deviceId: 'dev-1', binId: 'bin-1', fillPercent: 1 };
    const [reading_id = 0] = await seedReadings(store, [{ ...seed, atMs: 1 }]);
    await store.db.insertInto('outbox').values({ id: 20, reading_id }).execute();
    const target: InfluxTarget = {
      // In PostgreSQL a transaction that began earlier commits while this one is under way.
      write: async () => {
        await store.db.insertInto('outbox').values({ id: 10, reading_id }).execute();
      },
      name: 'a test',
      check: async () => '',
      async close() {},
    };
    expect(await feedInflux(store, target)).toMatchObject({ readings: 1, refused: 0 });
    expect(await store.db.selectFrom('outbox').select('id').execute()).toEqual([{ id: 10 }]);
  });
});
