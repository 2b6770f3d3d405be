import type { Store } from '../../store/database.ts';
import type { LevelSource } from '../../store/history/levels.ts';
import { createSqlLevels } from '../../store/history/sql-levels.ts';
import { createDelete1, createDelete2 } from '../../store/influx/delete-old.ts';
import { feedInflux } from '../../store/influx/feed-influx.ts';
import { createInfluxQuery } from '../../store/influx/influx-query.ts';
import { createInflux1Target } from '../../store/influx/engines/influx1.ts';
import { createInflux2Target } from '../../store/influx/engines/influx2.ts';
import { createLongMemory } from '../../store/influx/long-memory.ts';
import type { LongMemory } from '../../store/influx/long-memory.ts';
import type { DeleteOld } from '../../store/influx/delete-old.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';
import { seedBin, seedDevice, seedReadings } from '../../store/views/testing/seed-town.ts';
import type { SeedReading } from '../../store/views/testing/seed-town.ts';
import { startInfluxd } from '../servers/influxd.ts';
import { startInflux2Front } from '../servers/influx2-front.ts';
import { openDialect } from './dialects.ts';

/** Whatever keeps the history of levels: tests of the contract go through all of them. */
export const ENGINES = ['sqlite', 'postgres', 'influx1', 'influx2'] as const;
export type Engine = (typeof ENGINES)[number];

/** A town of two bins, whose history is in an engine. */
export interface OpenedEngine extends AsyncDisposable {
  /** The SQL side, which is the engine itself or feeds it. */
  readonly store: Store;
  /** Stores readings as ingest does, and brings them to the engine. Returns their numbers. */
  put(readings: readonly SeedReading[]): Promise<number[]>;
  /** Brings readings that have changed in SQL to the engine (again). */
  deliver(readingIds: readonly number[]): Promise<void>;
  readonly levels: LevelSource;
  /** Only of an InfluxDB. */
  readonly influx?: InfluxParts;
}

export interface InfluxParts {
  readonly memory: LongMemory;
  readonly deleteOld: DeleteOld;
}

export async function openEngine(engine: Engine): Promise<OpenedEngine> {
  if (engine === 'sqlite' || engine === 'postgres') {
    const opened = await openDialect(engine);
    const { store } = opened;
    await seedTown(store);
    return {
      store,
      put: (readings) => seedReadings(store, readings),
      deliver: async () => {},
      levels: createSqlLevels(store),
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    };
  }
  return engine === 'influx1' ? openInflux1() : openInflux2();
}

async function seedTown(store: Store): Promise<void> {
  for (const number of [1, 2]) {
    await seedBin(store, `bin-${number}`);
    await seedDevice(store, { id: `dev-${number}`, binId: `bin-${number}` });
  }
}

async function openInflux1(): Promise<OpenedEngine> {
  const server = await startInfluxd();
  const options = { url: server.url, database: 'tunna' };
  const query = createInfluxQuery(options);
  const target = createInflux1Target(options);
  return openFed(server, { query, target, deleteOld: createDelete1(query) });
}

async function openInflux2(): Promise<OpenedEngine> {
  const server = await startInflux2Front();
  const { url, org, bucket, token } = server;
  const query = createInfluxQuery({ url, database: bucket, token });
  const target = createInflux2Target({ url, org, bucket, token });
  return openFed(server, { query, target, deleteOld: createDelete2({ url, org, bucket, token }) });
}

async function openFed(
  server: AsyncDisposable,
  parts: {
    readonly query: ReturnType<typeof createInfluxQuery>;
    readonly target: ReturnType<typeof createInflux1Target>;
    readonly deleteOld: DeleteOld;
  },
): Promise<OpenedEngine> {
  const opened = await openTestStore({ feedsInflux: true });
  const { store } = opened;
  await seedTown(store);
  const memory = createLongMemory(parts.query, parts.target);
  const deliver = async (ids: readonly number[]): Promise<void> => {
    if (ids.length === 0) return;
    await store.db
      .insertInto('outbox')
      .values(ids.map((reading_id) => ({ reading_id })))
      .execute();
    await feedInflux(store, parts.target);
    const rows = await store.db
      .selectFrom('readings')
      .select(['bin_id', 'observed_at'])
      .where('id', 'in', ids)
      .execute();
    await memory.refreshHours(
      rows.map(({ bin_id, observed_at }) => ({ binId: bin_id ?? '', observedAtMs: observed_at })),
    );
  };
  return {
    store,
    async put(readings) {
      const ids = await seedReadings(store, readings);
      await deliver(ids);
      return ids;
    },
    deliver,
    levels: memory.levels,
    influx: { memory, deleteOld: parts.deleteOld },
    async [Symbol.asyncDispose]() {
      await parts.target.close();
      await server[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    },
  };
}
