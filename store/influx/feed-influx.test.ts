import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTestStore } from '../testing/open-test-store.ts';
import { seedBin, seedDevice, seedReadings } from '../views/testing/seed-town.ts';
import { feedInflux } from './feed-influx.ts';
import type { InfluxPoint } from './influx-point.ts';
import { PointsRefusedError } from './influx-target.ts';
import type { InfluxTarget } from './influx-target.ts';
import { writeWhatIsTaken } from './write-what-is-taken.ts';

function points(fills: readonly number[]): InfluxPoint[] {
  return fills.map((fill, index) => ({
    measurement: 'reading',
    tags: { bin: 'bin-1', device: 'dev-1' },
    fields: { fill_percent: fill },
    timestampNs: `${index}`,
  }));
}

/** A server that refuses every request with one of these fills in it. */
function refusing(refused: ReadonlySet<number>) {
  const taken: number[] = [];
  const target: InfluxTarget = {
    async write(some) {
      const fills = some.map(({ fields }) => fields['fill_percent'] ?? -1);
      if (fills.some((fill) => refused.has(fill))) throw new PointsRefusedError('no', {});
      taken.push(...fills);
    },
    async close() {},
  };
  return { target, taken };
}

describe('writing what is taken', () => {
  it('finds exactly the refused ones and writes all others once, in order', async () => {
    const fills = fc.uniqueArray(fc.nat(1000), { minLength: 2, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(fills, fc.nat(15), async (all, howMany) => {
        const refused = new Set(all.slice(0, Math.min(howMany, all.length - 1)));
        const { target, taken } = refusing(refused);
        const report = await writeWhatIsTaken(target, points(all));
        expect(report).toMatchObject({ taken: taken.length, refused: refused.size });
        expect(taken).toEqual(all.filter((fill) => !refused.has(fill)));
      }),
    );
  });

  it('strikes nothing off when the server refuses everything', async () => {
    for (const count of [1, 2, 5_000]) {
      const all = Array.from({ length: count }, (_, index) => index);
      const { target } = refusing(new Set(all));
      await expect(writeWhatIsTaken(target, points(all))).rejects.toThrow('no');
    }
  });
});

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
      async close() {},
    };
    expect(await feedInflux(store, target)).toMatchObject({ readings: 1, refused: 0 });
    expect(await store.db.selectFrom('outbox').select('id').execute()).toEqual([{ id: 10 }]);
  });
});
