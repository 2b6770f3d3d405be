import { expect } from 'vitest';
import type { Store } from '../../store/database.ts';
import { readTally } from '../../store/tally.ts';

/** Every message taken in is stored, a copy, or set aside, and the counts say what the tables hold. */
export async function checkBooks({ db }: Store, messagesTaken: number): Promise<void> {
  const tally = (await readTally(db)).filter(({ count }) => count !== 0);
  expect(tally.reduce((sum, { count }) => sum + count, 0)).toBe(messagesTaken);
  const uplinks = await db.selectFrom('uplinks').select('id').execute();
  const stored = tally.find(({ outcome }) => outcome === 'stored');
  expect(stored?.count ?? 0).toBe(uplinks.length);
  const open = await db
    .selectFrom('quarantine')
    .select(['reason', 'times'])
    .where('resolved_at', 'is', null)
    .execute();
  const timesByReason: Record<string, number> = {};
  for (const { reason, times } of open) {
    timesByReason[reason] = (timesByReason[reason] ?? 0) + times;
  }
  const quarantined = tally.filter(({ outcome }) => outcome === 'quarantined');
  expect(Object.fromEntries(quarantined.map(({ reason, count }) => [reason, count]))).toEqual(
    timesByReason,
  );
}
