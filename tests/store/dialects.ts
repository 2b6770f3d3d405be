import { closeStore, openStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';
import { startPostgres } from '../servers/postgres.ts';
import type { Postgres } from '../servers/postgres.ts';

/** A migrated, empty store, gone after the test. `open` opens the same database once more, as another process would. */
export interface DialectStore extends AsyncDisposable {
  readonly store: Store;
  open(): Store;
}

/** Every database Tunna runs on: tests of the store go through all of them. */
export const DIALECTS = ['sqlite', 'postgres'] as const;
export type Dialect = (typeof DIALECTS)[number];

let server: Promise<Postgres> | undefined;

export async function openDialect(dialect: Dialect): Promise<DialectStore> {
  const opened: Store[] = [];
  const track = (store: Store): Store => {
    opened.push(store);
    return store;
  };
  if (dialect === 'sqlite') {
    const test = await openTestStore();
    return {
      store: test.store,
      open: () => track(openStore(`${test.folder}/tunna.sqlite`)),
      async [Symbol.asyncDispose]() {
        await Promise.all(opened.map(closeStore));
        await test[Symbol.asyncDispose]();
      },
    };
  }
  server ??= startPostgres();
  const url = await (await server).createDatabase();
  const store = track(openStore(url));
  await migrate(store, 0);
  return {
    store,
    open: () => track(openStore(url)),
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map(closeStore));
    },
  };
}

/** Ends the PostgreSQL of this test file, if one was needed. */
export async function stopDialects(): Promise<void> {
  await (await server)?.stop();
  server = undefined;
}
