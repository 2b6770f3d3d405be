import type { Store } from '../../../store/database.ts';
import { listDevicesOfMaker } from '../../../store/views/quarantine-groups.ts';
import type { QuarantineSelection } from '../../../store/views/quarantine-list.ts';
import { HttpProblem } from '../problem.ts';
import type { QuarantineWork } from './quarantine-work.ts';

/** As many as a query can name on either database. */
const MOST_DEVICES = 30_000;

interface SelectContext {
  readonly store: Store;
  readonly quarantine: QuarantineWork;
}

interface Filter {
  readonly reason?: string | undefined;
  readonly deviceId?: string | undefined;
  readonly maker?: string | undefined;
}

/**
 * Which messages a request means.
 * @throws HttpProblem 400 when there is no such reason, 409 when the maker has too many devices
 */
export async function select(
  { store, quarantine }: SelectContext,
  { reason, deviceId, maker }: Filter,
): Promise<QuarantineSelection> {
  if (reason !== undefined && !Object.hasOwn(quarantine.reasons, reason)) {
    const message = `Expected one of ${Object.keys(quarantine.reasons).join(', ')}`;
    const errors = [{ field: 'reason', message }];
    throw new HttpProblem(400, { detail: 'There is no such reason', errors });
  }
  if (maker === undefined) return { reason, deviceId };
  const deviceIds = await listDevicesOfMaker(store, maker, quarantine.guessMaker);
  if (deviceIds.length > MOST_DEVICES) {
    throw new HttpProblem(409, { detail: 'These are too many devices at once; name one' });
  }
  return { reason, deviceId, deviceIds };
}
