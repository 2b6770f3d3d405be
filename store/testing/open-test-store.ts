import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeStore, openStore } from '../database.ts';
import type { Store, StoreOptions } from '../database.ts';
import { migrate } from '../migrate.ts';

/** A migrated SQLite store in a folder of its own, which goes away with it. */
export async function openTestStore(
  options: StoreOptions = {},
): Promise<{ readonly store: Store; readonly folder: string } & AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), 'tunna-store-'));
  const store = openStore(join(folder, 'tunna.sqlite'), options);
  await migrate(store, 0);
  return {
    store,
    folder,
    async [Symbol.asyncDispose]() {
      await closeStore(store);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
