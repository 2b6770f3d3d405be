import { Counter, Gauge, Registry } from 'prom-client';
import type { BatchReport } from './drain-journal.ts';

/** Counters of ingest since its start; the durable ones are in the `tally` table. */
export function createIngestMetrics() {
  const registry = new Registry();
  const options = { registers: [registry] };
  const messages = new Counter({
    name: 'tunna_ingest_messages_total',
    help: 'Messages taken off the journals, by what became of them',
    labelNames: ['outcome', 'reason'],
    ...options,
  });
  const failures = new Counter({
    name: 'tunna_ingest_failures_total',
    help: 'Batches that could not be stored and come again',
    ...options,
  });
  const backlog = new Gauge({
    name: 'tunna_ingest_backlog_records',
    help: 'Records in the journal that are not stored yet',
    labelNames: ['door'],
    ...options,
  });
  /** By door and journal. */
  const backlogs = new Map<string, Map<string, number>>();
  return {
    registry,
    noteBatch(report: BatchReport): void {
      messages.inc({ outcome: 'stored', reason: '' }, report.stored);
      messages.inc({ outcome: 'duplicate', reason: '' }, report.duplicate);
      for (const [reason, count] of report.quarantined) {
        messages.inc({ outcome: 'quarantined', reason }, count);
      }
    },
    noteFailure: () => failures.inc(),
    /** A door may have several journals, of several workers or after a damage. */
    setBacklog(door: string, journal: string, records: number): void {
      const journals = backlogs.get(door) ?? new Map<string, number>();
      backlogs.set(door, journals.set(journal, records));
      const total = [...journals.values()].reduce((sum, count) => sum + count, 0);
      backlog.set({ door }, total);
    },
  };
}
