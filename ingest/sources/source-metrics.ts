import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { EndingKind } from './back-off.ts';
import type { ReceiveOutcome } from './receiver.ts';

/** Metrics of all sources, told apart by the label `source`. */
export interface SourceMetrics {
  setConnected(source: string, isConnected: boolean): void;
  noteMessage(source: string, outcome: ReceiveOutcome): void;
  noteAcknowledged(source: string, messages: number): void;
  noteFailure(source: string, reason: EndingKind): void;
}

export function createSourceMetrics(registry: Registry): SourceMetrics {
  const registers = [registry];
  const connected = new Gauge({
    name: 'tunna_source_connected',
    help: '1 while the source is connected and subscribed',
    labelNames: ['source'],
    registers,
  });
  const messages = new Counter({
    name: 'tunna_source_messages_total',
    help: 'Messages received from a source, by what became of them',
    labelNames: ['source', 'outcome'],
    registers,
  });
  const acknowledged = new Counter({
    name: 'tunna_source_acknowledged_total',
    help: 'Messages of QoS 1 that were acknowledged to a source, being on disk',
    labelNames: ['source'],
    registers,
  });
  const failures = new Counter({
    name: 'tunna_source_failures_total',
    help: 'Connections to a source that ended or did not come about, by the reason',
    labelNames: ['source', 'reason'],
    registers,
  });
  return {
    setConnected: (source, isConnected) => connected.set({ source }, isConnected ? 1 : 0),
    noteMessage: (source, outcome) => messages.inc({ source, outcome }),
    noteAcknowledged: (source, count) => acknowledged.inc({ source }, count),
    noteFailure: (source, reason) => failures.inc({ source, reason }),
  };
}
