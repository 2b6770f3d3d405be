import type { Store } from '../../../store/database.ts';
import { listBinViewsById } from '../../../store/views/bin-summaries.ts';
import type { ChangeSpan, MissedBins } from '../../../store/views/missed-bins.ts';
import { toBinSummary } from '../wire.ts';
import { formatEvent } from './format-event.ts';

/**
 * The events that tell of these bins, as text; empty when there is nothing to tell. The last one carries `toSeq`: a
 * client that got only the first still counts as having nothing.
 */
export async function describeChanges(
  store: Store,
  missed: MissedBins,
  span: ChangeSpan,
  nowMs: number,
): Promise<string> {
  const views = await listBinViewsById(store, missed.changedIds, nowMs);
  const found = new Set<string>(views.map(({ id }) => id));
  // A bin may be gone by now, before its own change has been read.
  const gone = missed.changedIds.filter((id) => !found.has(id));
  const ids = [...missed.removedIds, ...gone];
  const { afterSeq, toSeq } = span;
  const bins = views.map(toBinSummary);
  const removed =
    ids.length === 0 ? '' : formatEvent(bins.length > 0 ? afterSeq : toSeq, 'removed', { ids });
  return bins.length === 0 ? removed : removed + formatEvent(toSeq, 'bins', { bins });
}
