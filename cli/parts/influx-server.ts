import { createDelete1, createDelete2 } from '../../store/influx/delete-old.ts';
import type { DeleteOld } from '../../store/influx/delete-old.ts';
import { createInfluxQuery } from '../../store/influx/influx-query.ts';
import type { InfluxQuery } from '../../store/influx/influx-query.ts';
import type { InfluxTarget } from '../../store/influx/influx-target.ts';
import type { HistoryStore } from '../settings/settings.ts';
import { createInfluxTarget } from './influx-target.ts';

/** Everything Tunna does with an InfluxDB: writes, asks, and has it forget. */
export interface InfluxServer {
  readonly target: InfluxTarget;
  readonly query: InfluxQuery;
  readonly deleteOld: DeleteOld;
}

/** The InfluxDB that was chosen, if one was. */
export function createInfluxServer(history: HistoryStore): InfluxServer | undefined {
  const target = createInfluxTarget(history);
  if (target === undefined || history.kind === 'sqlite') return undefined;
  const query = createInfluxQuery(history);
  const deleteOld = history.kind === 'influx1' ? createDelete1(query) : createDelete2(history);
  return { target, query, deleteOld };
}
