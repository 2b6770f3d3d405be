import { randomUUID } from 'node:crypto';
import type { OrderCommand } from '../../dashboard/server/commands/command-work.ts';
import { requestCommand } from '../../ingest/commands/request-command.ts';
import type { Store } from '../../store/database.ts';

/** Queues commands for a dashboard, which does not know ingest. */
export function createOrderCommand(store: Store, now: () => number): OrderCommand {
  return async (order) => {
    const id = randomUUID();
    const result = await requestCommand(store, order, { id, nowMs: now() });
    return result.ok ? { ok: true, id } : result;
  };
}
