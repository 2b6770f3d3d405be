import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Store } from '../store/database.ts';
import type { FeedReport } from '../store/influx/feed-influx.ts';
import { readInfluxBacklog } from '../store/influx/backlog.ts';
import type { InfluxBacklog } from '../store/influx/backlog.ts';
import type { BreakerState } from './circuit-breaker.ts';

type BacklogGauge = readonly [name: string, help: string, pick: (backlog: InfluxBacklog) => number];

const BACKLOG_GAUGES: readonly BacklogGauge[] = [
  ['tunna_influx_outbox_rows', 'Readings that wait for InfluxDB', ({ rows }) => rows],
  [
    'tunna_influx_outbox_oldest_seconds',
    'How long ago the message was received whose reading has waited longest',
    ({ oldestSeconds }) => oldestSeconds,
  ],
  [
    'tunna_influx_rejects',
    'Readings set aside because InfluxDB refuses them',
    ({ rejects }) => rejects,
  ],
];

/** Several gauges are asked at once; one look at the database answers them all. */
function oncePerAnswer<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask().finally(() => (answer = undefined)));
}

const STATES: readonly BreakerState[] = ['closed', 'open', 'half-open'];

/** What becomes of readings on their way to InfluxDB; what waits is read from the database when it is asked for. */
export function createInfluxMetrics(registry: Registry | undefined, store: Store) {
  const registers = registry === undefined ? [] : [registry];
  const readings = new Counter({
    name: 'tunna_influx_readings_total',
    help: 'Readings struck off the outbox, by what became of them',
    labelNames: ['outcome'],
    registers,
  });
  const errors = new Counter({
    name: 'tunna_influx_write_errors_total',
    help: 'Writes that InfluxDB did not take, by HTTP status; silent: no answer in time',
    labelNames: ['code'],
    registers,
  });
  const breaker = new Gauge({
    name: 'tunna_influx_breaker',
    help: '1 for the state that the breaker is in: open leaves InfluxDB alone for a while',
    labelNames: ['state'],
    registers,
  });
  const readBacklog = oncePerAnswer(() => readInfluxBacklog(store, Date.now()));
  for (const [name, help, pick] of BACKLOG_GAUGES) {
    const gauge = new Gauge({
      name,
      help,
      registers,
      async collect() {
        // Without a database there is no answer, and the others are asked for all the same.
        const backlog = await readBacklog().catch(() => undefined);
        if (backlog !== undefined) gauge.set(pick(backlog));
      },
    });
  }
  function setBreaker(now: BreakerState): void {
    for (const state of STATES) breaker.set({ state }, state === now ? 1 : 0);
  }
  setBreaker('closed');
  return {
    setBreaker,
    noteError: (code: string) => errors.inc({ code }),
    noteFed(fed: FeedReport): void {
      readings.inc({ outcome: 'written' }, fed.readings - fed.refused - fed.expired);
      readings.inc({ outcome: 'refused' }, fed.refused);
      readings.inc({ outcome: 'expired' }, fed.expired);
    },
  };
}
