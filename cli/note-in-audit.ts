import { errorText } from '../domain/error-text.ts';
import { appendAudit } from '../store/audit.ts';
import type { AuditEntry } from '../store/audit.ts';
import { withStore } from './open-store.ts';
import type { Settings } from './settings/settings.ts';

/**
 * Writes into the audit what a command has done, in the name of whoever gave it. That stands even when the row cannot be
 * written, as on a full disk, of which one makes a backup all the more: then it is said on standard error.
 */
export async function noteInAudit(settings: Settings, entry: AuditEntry): Promise<void> {
  try {
    await withStore(settings, (store) =>
      store.db.transaction().execute((trx) => appendAudit(trx, store, [entry])),
    );
  } catch (error) {
    process.stderr.write(`tunna: this is not in the audit: ${errorText(error)}\n`);
  }
}
