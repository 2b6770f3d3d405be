import type { QuarantineWork } from '../../dashboard/server/quarantine/quarantine-work.ts';
import { adoptUnknownDevice } from '../../ingest/adopt-unknown.ts';
import { guessMaker } from '../../ingest/guess-maker.ts';
import { QUARANTINE_REASONS } from '../../ingest/quarantine-reason.ts';
import { replayQuarantine } from '../../ingest/replay.ts';
import type { Source } from '../../ingest/sources/source.ts';
import { actingAs } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';

/** What ingest can do with the quarantine, for a dashboard that does not know ingest. */
export function createQuarantineWork(context: {
  readonly store: Store;
  readonly sources: readonly Source[];
  readonly now: () => number;
}): QuarantineWork {
  const { store, sources, now } = context;
  return {
    reasons: QUARANTINE_REASONS,
    replay: (ids, actor) => replayQuarantine(actingAs(store, actor), ids, now(), sources),
    adopt: (adoption, most, actor) =>
      adoptUnknownDevice(actingAs(store, actor), adoption, { nowMs: now(), sources, most }),
    guessMaker: (message) => guessMaker(message, sources),
  };
}
