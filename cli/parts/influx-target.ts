import { createInflux1Target } from '../../store/influx/engines/influx1.ts';
import { createInflux2Target } from '../../store/influx/engines/influx2.ts';
import type { InfluxTarget } from '../../store/influx/influx-target.ts';
import type { HistoryStore } from '../settings/settings.ts';

/** Where InfluxDB is, if one was chosen. */
export function createInfluxTarget(history: HistoryStore): InfluxTarget | undefined {
  switch (history.kind) {
    case 'sqlite':
      return undefined;
    case 'influx1':
      return createInflux1Target({
        url: history.url,
        database: history.database,
        username: history.login?.username,
        password: history.login?.password,
      });
    case 'influx2':
      return createInflux2Target(history);
  }
}
