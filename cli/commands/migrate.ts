import type { Command } from 'commander';
import { closeStore } from '../../store/database.ts';
import { MIGRATIONS } from '../../store/migrations/list.ts';
import { findPendingMigrations, migrate } from '../../store/migrate.ts';
import { ensureDataFolder } from '../data-folder.ts';
import { loadSettings } from '../load-settings.ts';
import { databaseName, explainStoreError, isPostgres, openAnyStore } from '../open-store.ts';
import { noteInAudit } from '../note-in-audit.ts';
import { print } from '../print.ts';
import type { Settings } from '../settings/settings.ts';

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database up to date; a copy is made first')
    .action(async () => {
      const { settings } = loadSettings();
      for (const line of await migrateDatabase(settings)) print(line);
    });
}

/**
 * Brings the database of the settings up to date. Returns what was done, one line each. Throws a {@link Refusal} when the
 * database does not answer, or was migrated by a newer version.
 */
export async function migrateDatabase(settings: Settings): Promise<string[]> {
  if (!isPostgres(settings)) ensureDataFolder(settings.dataFolder);
  const store = openAnyStore(settings);
  try {
    const pending = await findPendingMigrations(store).catch((error: unknown) => {
      throw explainStoreError(error, settings);
    });
    const { applied, backupFile } = await migrate(store, Date.now());
    const name = databaseName(settings);
    if (applied.length === 0) return [`The database (${name}) is up to date`];
    const lines = [`The database (${name}) got ${applied.join(', ')}`];
    // A new database has nobody yet to whom it would say something.
    if (pending.length < Object.keys(MIGRATIONS).length) {
      const subject = applied.at(-1) ?? '';
      await noteInAudit(settings, { action: 'database-migrated', subject, detail: { applied } });
    }
    if (backupFile !== undefined) lines.unshift(`A copy from before is in ${backupFile}`);
    return lines;
  } finally {
    await closeStore(store);
  }
}
