import { closeStore, openStore } from '../../store/database.ts';
import { isBackfilled } from '../../store/influx/backfill.ts';
import { readInfluxBacklog } from '../../store/influx/backlog.ts';
import type { InfluxTarget } from '../../store/influx/influx-target.ts';
import { InfluxWriteError } from '../../store/influx/write-error.ts';
import type { WriteFailure } from '../../store/influx/write-error.ts';
import { errorText } from '../../domain/error-text.ts';
import { createInfluxTarget } from '../parts/influx-target.ts';
import type { HistoryStore, Settings } from '../settings/settings.ts';
import { fail, ok, warn } from './check.ts';
import type { Finding } from './check.ts';

/** Readings wait for longer than this only when something is wrong. */
const MUCH_AGE_SECONDS = 60;

/** What to look at for each failure. */
const ADVICE: Readonly<Record<WriteFailure, string>> = {
  refused: '',
  denied: '; the login or token is wrong, or may not write there',
  absent: '; there is no such database, bucket or organisation',
  busy: '; it asks to be left alone for a while',
  failed: '',
  silent: '; readings wait in the outbox meanwhile',
};

/** Whether InfluxDB answers, which version it is, and whether it would take readings where the settings say. */
export async function checkInflux(settings: Settings): Promise<Finding[]> {
  const target = createInfluxTarget(settings.history);
  if (target === undefined) return [];
  try {
    return [
      ...(await checkServer(target, settings.history)),
      ...(await checkOutbox(settings, target)),
    ];
  } finally {
    await target.close();
  }
}

async function checkServer(target: InfluxTarget, history: HistoryStore): Promise<Finding[]> {
  try {
    const version = await target.check();
    return [ok('influxdb', `${target.name}, version ${version}, would take readings`)];
  } catch (error) {
    const failure = error instanceof InfluxWriteError ? error.failure : 'failed';
    // The database of 1.x is made with the first readings.
    if (failure === 'absent' && history.kind === 'influx1') {
      return [
        warn('influxdb', `${target.name}: ${errorText(error)}; it is made with the first readings`),
      ];
    }
    return [fail('influxdb', `${target.name}: ${errorText(error)}${ADVICE[failure]}`)];
  }
}

async function checkOutbox(settings: Settings, target: InfluxTarget): Promise<Finding[]> {
  let store;
  try {
    store = openStore(settings.database);
    const { rows, oldestSeconds, rejects } = await readInfluxBacklog(store, Date.now());
    const waiting = `${rows} readings wait for InfluxDB, the oldest for ${Math.round(oldestSeconds)} s`;
    const isDone = await isBackfilled(store, target);
    return [
      oldestSeconds > MUCH_AGE_SECONDS
        ? warn('influxdb outbox', waiting)
        : ok('influxdb outbox', waiting),
      ...(rejects === 0
        ? []
        : [
            warn(
              'influxdb rejects',
              `InfluxDB refuses ${rejects} readings; "tunna influx rejects" lists them`,
            ),
          ]),
      ...(isDone
        ? []
        : [warn('influxdb backfill', 'InfluxDB has not been given all that SQL has yet')]),
    ];
  } catch {
    // A database that cannot be read, or is not there yet, is told of by its own check.
    return [];
  } finally {
    if (store !== undefined) await closeStore(store);
  }
}
