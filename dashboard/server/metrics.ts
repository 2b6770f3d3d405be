import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Logger } from 'pino';
import type { Accounts } from '../../store/accounts.ts';
import type { AccountsCache } from './accounts-cache.ts';
import type { BinListCache } from './bin-list-cache.ts';
import { readRoute } from './define-route.ts';
import { countStates } from './town-stats.ts';

export interface MetricsSources {
  readonly bins: BinListCache;
  readonly accounts: AccountsCache;
  readonly countEventClients: () => number;
  readonly log: Logger;
}

/** Everything from a cached answer to the slowest acceptable one, seconds. */
const DURATION_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** The metrics of one dashboard, in a registry of their own so that two in one process do not mix. */
export interface Metrics {
  readonly registry: Registry;
  /** Requests refused for want of a good token, by `reason`. */
  readonly refused: Counter<'reason'>;
  /** Requests to the webhooks, by `outcome`. */
  readonly webhooks: Counter<'outcome'>;
  /** All metrics as text, in the registry's content type. */
  scrape(): Promise<string>;
}

export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'tunna_event_clients',
    help: 'Open event streams',
    registers,
    collect() {
      this.set(sources.countEventClients());
    },
  });
  const refused = new Counter({
    name: 'tunna_http_refused_total',
    help: 'Requests refused for want of a good token, by reason',
    labelNames: ['reason'],
    registers,
  });
  const webhooks = new Counter({
    name: 'tunna_webhook_messages_total',
    help: 'Messages that network servers have sent over HTTP, kept or refused with a status',
    labelNames: ['outcome'],
    registers,
  });
  const gauges = createStoreGauges(registry);
  return {
    registry,
    refused,
    webhooks,
    async scrape() {
      await readStore(sources, gauges);
      return registry.metrics();
    },
  };
}

function createStoreGauges(registry: Registry) {
  const registers = [registry];
  return {
    bins: new Gauge({
      name: 'tunna_bins',
      help: 'Bins by state',
      labelNames: ['state'],
      registers,
    }),
    // A gauge, because a message set aside that is replayed into a reading changes sides.
    messages: new Gauge({
      name: 'tunna_messages',
      help: 'Messages taken off the journals, by what became of them',
      labelNames: ['outcome', 'reason'],
      registers,
    }),
    accepted: new Gauge({
      name: 'tunna_door_accepted_messages',
      help: 'Messages acknowledged since the beginning, by the door or source they came through',
      labelNames: ['door'],
      registers,
    }),
    backlog: new Gauge({
      name: 'tunna_door_backlog_messages',
      help: 'Messages of these that wait in the journal for ingest',
      labelNames: ['door'],
      registers,
    }),
    unaccounted: new Gauge({
      name: 'tunna_messages_unaccounted',
      help: 'Accepted - stored - duplicate - quarantined - backlog; anything but 0 is an alarm',
      registers,
    }),
    up: new Gauge({
      name: 'tunna_store_up',
      help: 'Whether the database answered this scrape',
      registers,
    }),
  };
}

type StoreGauges = ReturnType<typeof createStoreGauges>;

/** The rest of the metrics is needed most when the database does not answer. */
async function readStore(sources: MetricsSources, gauges: StoreGauges): Promise<void> {
  try {
    const list = await sources.bins.read();
    const accounts = await sources.accounts.read();
    clear(gauges);
    for (const [state, count] of Object.entries(countStates(list.bins)))
      gauges.bins.set({ state }, count);
    showAccounts(accounts, gauges);
    gauges.up.set(1);
  } catch (error) {
    sources.log.error({ err: error }, 'The database did not answer a scrape');
    clear(gauges);
    gauges.up.set(0);
  }
}

function clear({ bins, messages, accepted, backlog, unaccounted }: StoreGauges): void {
  for (const gauge of [bins, messages, accepted, backlog]) gauge.reset();
  // Without a look at the books there is no number; a reset would be a reassuring 0.
  unaccounted.remove();
}

function showAccounts({ doors, tally, unaccounted }: Accounts, gauges: StoreGauges): void {
  for (const { outcome, reason, count } of tally) gauges.messages.set({ outcome, reason }, count);
  for (const { door, accepted, backlog } of doors) {
    gauges.accepted.set({ door }, accepted);
    gauges.backlog.set({ door }, backlog);
  }
  gauges.unaccounted.set(unaccounted);
}

/** Methods are free text on the wire; a label takes few values. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Measures how long requests take, by the template of their route. Event streams last; they are counted elsewhere. */
export function timeRequests(registry: Registry): RequestHandler {
  const durations = new Histogram({
    name: 'tunna_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS_SECONDS,
    registers: [registry],
  });
  return (request, response, next) => {
    const startMs = performance.now();
    response.once('close', () => {
      if (String(response.getHeader('Content-Type')).startsWith('text/event-stream')) return;
      const method = METHODS.has(request.method) ? request.method : 'other';
      const labels = { method, route: readRoute(response), status: response.statusCode };
      durations.observe(labels, (performance.now() - startMs) / 1000);
    });
    next();
  };
}
