import type { Store } from '../../../store/database.ts';
import { listOpenIds } from '../../../store/views/quarantine-list.ts';
import { MOST_REPLAYED } from '../../api/quarantine.ts';
import type { ReplayAnswer, ReplayRequest } from '../../api/quarantine.ts';
import type { QuarantineWork } from './quarantine-work.ts';
import { select } from './select.ts';

/** A request ends after about this long, whatever is left. */
const WITHIN_MS = 5_000;

/** Between two looks at the clock. */
const PORTION = 20;

interface ReplayContext {
  readonly store: Store;
  readonly quarantine: QuarantineWork;
  /** Who asks. */
  readonly actor: string;
}

/** Replays what a request names, the oldest first, as far as one request may go. */
export async function replaySome(
  context: ReplayContext,
  request: ReplayRequest,
): Promise<ReplayAnswer> {
  const { quarantine, actor } = context;
  // One more than is replayed, to know whether there is more.
  const ids = await listIds(context, request, MOST_REPLAYED + 1);
  const endMs = performance.now() + WITHIN_MS;
  const sum = { stored: 0, refused: 0 };
  let done = 0;
  const most = Math.min(ids.length, MOST_REPLAYED);
  while (done < most && (done === 0 || performance.now() < endMs)) {
    const portion = ids.slice(done, Math.min(done + PORTION, most));
    const { resolved, refused } = await quarantine.replay(portion, actor);
    sum.stored += resolved;
    sum.refused += refused;
    done += portion.length;
  }
  return { ...sum, next: done < ids.length ? (ids[done - 1] ?? null) : null };
}

async function listIds(
  context: ReplayContext,
  request: ReplayRequest,
  limit: number,
): Promise<readonly number[]> {
  const afterId = request.after ?? 0;
  if ('ids' in request) {
    const ids = new Set(request.ids.filter((id) => id > afterId));
    return [...ids].sort((a, b) => a - b);
  }
  const selection = 'all' in request ? {} : await select(context, request);
  return listOpenIds(context.store, selection, { afterId, limit });
}
