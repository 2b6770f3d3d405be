import path from 'node:path';
import type { Command } from 'commander';
import { makeBackup } from '../backup/make-backup.ts';
import type { Manifest } from '../backup/manifest.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { verifyBackup } from '../backup/verify-backup.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';
import { noteInAudit } from '../note-in-audit.ts';
import { print, printJson } from '../print.ts';

/** Saving everything, looking whether it is sound, and bringing it back. */
export function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .description('save journals and database to a new folder, while Tunna runs or not')
    .argument('<folder>', 'is made; must not be there yet')
    .option('--json', 'what was saved as JSON')
    .action(async (folder: string, options: { json?: true }) => {
      const { settings } = loadSettings();
      const manifest = await makeBackup(settings, path.resolve(folder), Date.now);
      await noteInAudit(settings, { action: 'backup-made', subject: path.resolve(folder) });
      if (options.json) return printJson(manifest);
      print(`${folder} holds ${describe(manifest)}`);
    });
  program
    .command('verify')
    .description('read a backup whole: checksums, databases, every record, the counts')
    .argument('<folder>', 'what "tunna backup" made')
    .action(async (folder: string) => {
      const { manifest, mistakes } = await verifyBackup(path.resolve(folder));
      if (mistakes.length > 0) {
        throw new Refusal(EXIT.failure, `The backup is damaged: ${mistakes.join('; ')}`);
      }
      print(`${folder} is sound: ${describe(manifest)}`);
    });
  program
    .command('restore')
    .description('put a backup in place, after verifying it; what is in the way is moved aside')
    .argument('<folder>', 'what "tunna backup" made')
    .action(async (folder: string) => {
      const { settings } = loadSettings();
      const { manifest, movedTo } = await restoreBackup(settings, path.resolve(folder), Date.now());
      const detail = { startedAt: manifest.startedAt };
      const subject = path.resolve(folder);
      await noteInAudit(settings, { action: 'backup-restored', subject, detail });
      if (movedTo !== undefined) print(`What was there before is in ${movedTo}`);
      print(`Restored ${describe(manifest)}; "tunna start" goes on from there`);
    });
}

function describe({ startedAt, database, journals }: Manifest): string {
  const backlog = journals.reduce((sum, journal) => sum + journal.backlog, 0);
  return [
    `everything acknowledged before ${startedAt}:`,
    `${database.uplinks} messages with ${database.readings} readings,`,
    `and ${backlog} more in ${journals.length} journals`,
  ].join(' ');
}
