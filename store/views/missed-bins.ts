import { oldestChange } from '../changes.ts';
import type { Store } from '../database.ts';

/** The changes after one and up to another. */
export interface ChangeSpan {
  readonly afterSeq: number;
  readonly toSeq: number;
}

/** What became of bins within a span of changes. */
export interface MissedBins {
  readonly changedIds: readonly string[];
  readonly removedIds: readonly string[];
}

/** Many more changes than bins are not worth looking through: whoever missed them loads everything anew. */
const CHANGES_PER_BIN = 10;

/**
 * Which bins changed within a span, each once.
 * @returns `undefined` when some of the changes are no longer kept, or more than `maxBins` bins are concerned
 */
export async function findMissedBins(
  store: Store,
  span: ChangeSpan,
  maxBins: number,
): Promise<MissedBins | undefined> {
  const { afterSeq, toSeq } = span;
  if (toSeq - afterSeq > maxBins * CHANGES_PER_BIN) return undefined;
  const rows = await store.db
    .selectFrom('changes')
    .select(['id', 'kind'])
    .where('seq', '>', afterSeq)
    .where('seq', '<=', toSeq)
    .where('kind', 'in', ['bin', 'bin-removed'])
    .orderBy('seq')
    .execute();
  // Asked after the changes were read: what is pruned in between is noticed.
  const oldest = await oldestChange(store);
  if (oldest === undefined || oldest > afterSeq + 1) return undefined;
  const last = new Map(rows.map(({ id, kind }) => [id, kind]));
  if (last.size > maxBins) return undefined;
  const ids = [...last];
  return {
    changedIds: ids.filter(([, kind]) => kind === 'bin').map(([id]) => id),
    removedIds: ids.filter(([, kind]) => kind === 'bin-removed').map(([id]) => id),
  };
}
