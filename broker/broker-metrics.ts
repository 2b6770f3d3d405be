import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Why something was refused; few and fixed, so that nobody can make the metrics grow. */
export type RefusalReason =
  | 'credentials'
  | 'throttled'
  | 'client-id'
  | 'certificate'
  | 'connection-limit'
  | 'will'
  | 'store'
  | 'topic'
  | 'too-large'
  | 'too-many-unacknowledged'
  | 'too-many-packets'
  | 'filter'
  | 'protocol';

export interface BrokerMetrics {
  readonly registry: Registry;
  /** `journaled`, `failed` (not acknowledged, the sender repeats it), `dropped` (QoS 0 only). */
  readonly messages: Counter<'outcome'>;
  readonly acknowledged: Counter;
  readonly refused: Counter<'reason'>;
  readonly takeovers: Counter;
  readonly clonesSuspected: Counter;
  readonly commitSeconds: Histogram;
  readonly commitRecords: Counter;
}

export interface BrokerGauges {
  readonly connections: () => number;
  readonly pendingRecords: () => number;
  readonly pendingBytes: () => number;
  readonly failing: () => boolean;
}

/** Metrics of one broker, in a registry of their own. */
export function createBrokerMetrics(gauges: BrokerGauges): BrokerMetrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `tunna_broker_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('connections', 'Clients that are connected', gauges.connections);
  gauge('journal_pending_records', 'Messages not yet on disk', gauges.pendingRecords);
  gauge('journal_pending_bytes', 'Bytes of messages not yet on disk', gauges.pendingBytes);
  gauge('journal_failing', '1 when the last commit failed', () => (gauges.failing() ? 1 : 0));
  return {
    registry,
    messages: new Counter({
      name: 'tunna_broker_messages_total',
      help: 'Messages by what became of them',
      labelNames: ['outcome'],
      registers,
    }),
    acknowledged: new Counter({
      name: 'tunna_broker_acknowledged_total',
      help: 'Messages of QoS 1 and 2 let through to their acknowledgement',
      registers,
    }),
    refused: new Counter({
      name: 'tunna_broker_refused_total',
      help: 'Connects, messages and filters refused',
      labelNames: ['reason'],
      registers,
    }),
    clonesSuspected: new Counter({
      name: 'tunna_broker_clones_suspected_total',
      help: 'Principals whose credential was seen in two places at once',
      registers,
    }),
    takeovers: new Counter({
      name: 'tunna_broker_takeovers_total',
      help: 'Connections that another with the same client id has taken over',
      registers,
    }),
    commitSeconds: new Histogram({
      name: 'tunna_broker_journal_commit_seconds',
      help: 'Duration of a commit, its fsync included',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    commitRecords: new Counter({
      name: 'tunna_broker_journal_records_total',
      help: 'Messages committed',
      registers,
    }),
  };
}
