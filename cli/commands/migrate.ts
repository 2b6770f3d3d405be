import type { Command } from 'commander';
import { closeStore } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';
import { loadSettings } from '../load-settings.ts';
import { databaseName, openAnyStore } from '../open-store.ts';
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

/** Brings the database of the settings up to date. Returns what was done, one line each. */
export async function migrateDatabase(settings: Settings): Promise<string[]> {
  const store = openAnyStore(settings);
  try {
    const { applied, backupFile } = await migrate(store, Date.now());
    const name = databaseName(settings);
    if (applied.length === 0) return [`The database (${name}) is up to date`];
    const lines = [`The database (${name}) got ${applied.join(', ')}`];
    if (backupFile !== undefined) lines.unshift(`A copy from before is in ${backupFile}`);
    return lines;
  } finally {
    await closeStore(store);
  }
}
