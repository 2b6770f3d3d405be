import { existsSync } from 'node:fs';
import { errorText } from '../domain/error-text.ts';
import { closeStore, openStore } from '../store/database.ts';
import type { Store } from '../store/database.ts';
import { assertSchemaCurrent, SchemaMismatch } from '../store/migrate.ts';
import { EXIT, Refusal } from './exit-codes.ts';
import { whoAmI } from './who-am-i.ts';
import type { Settings } from './settings/settings.ts';

export function isPostgres({ database }: Pick<Settings, 'database'>): boolean {
  return /^postgres(ql)?:/.test(database);
}

/** What to call the database in a message: without the password. */
export function databaseName(settings: Settings): string {
  if (!isPostgres(settings)) return settings.database;
  try {
    const { host, pathname } = new URL(settings.database);
    return `PostgreSQL at ${host}${pathname}`;
  } catch {
    return 'PostgreSQL';
  }
}

/** Opens the database without looking at its schema; a SQLite file is created when absent. Throws a {@link Refusal}. */
export function openAnyStore(settings: Settings, actor?: string): Store {
  try {
    // Also for a single command: what it recomputes must reach InfluxDB too.
    const feedsInflux = settings.history.kind !== 'sqlite';
    return openStore(settings.database, { feedsInflux, ...(actor !== undefined && { actor }) });
  } catch (error) {
    throw cannotOpen(settings, error);
  }
}

/** Opens a database whose schema is the one of this version. Throws a {@link Refusal} that says what to do. */
export async function openCurrentStore(settings: Settings, actor?: string): Promise<Store> {
  if (!isPostgres(settings) && !existsSync(settings.database)) {
    const message = `There is no database at ${settings.database}; run "tunna migrate" first`;
    throw new Refusal(EXIT.config, message);
  }
  const store = openAnyStore(settings, actor);
  try {
    await assertSchemaCurrent(store);
    return store;
  } catch (error) {
    await closeStore(store);
    throw explainStoreError(error, settings);
  }
}

/** Tells a database that does not answer from one whose schema is not ours. */
export function explainStoreError(error: unknown, settings: Settings): Refusal {
  if (error instanceof SchemaMismatch) {
    return new Refusal(EXIT.config, error.message, { cause: error });
  }
  return cannotOpen(settings, error);
}

/** Runs one command's work on the database, in the name of whoever gives it, and closes it. */
export async function withStore<T>(
  settings: Settings,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await openCurrentStore(settings, whoAmI());
  try {
    return await work(store);
  } finally {
    await closeStore(store);
  }
}

function cannotOpen(settings: Settings, error: unknown): Refusal {
  const message = `The database (${databaseName(settings)}) cannot be opened: ${errorText(error)}`;
  return new Refusal(EXIT.failure, message, { cause: error });
}
