import type { BrokerLog } from './broker-options.ts';

/** One line per event and this time; the rest is counted by reason and told together. */
const QUIET_MS = 10_000;

/** Beyond these, reasons share one count: some come from libraries, and nobody promises that they are few. */
const MOST_REASONS = 30;

interface Event {
  nextMs: number;
  /** How often it happened since the last line, by reason. */
  suppressed: Map<string, number>;
}

/**
 * Warns of what strangers cause without letting them fill the log. Events are fixed texts, so few. Nothing goes untold:
 * what is not written at once is counted.
 */
export class EventLog {
  readonly #log: BrokerLog;
  readonly #uptimeMs: () => number;
  readonly #events = new Map<string, Event>();

  constructor(log: BrokerLog, uptimeMs: () => number) {
    this.#log = log;
    this.#uptimeMs = uptimeMs;
  }

  warn(
    message: string,
    fields: { readonly reason: string; readonly [name: string]: unknown },
  ): void {
    const nowMs = this.#uptimeMs();
    const event = this.#events.get(message) ?? { nextMs: 0, suppressed: new Map() };
    this.#events.set(message, event);
    if (nowMs < event.nextMs) {
      count(event.suppressed, fields.reason);
      return;
    }
    this.#tell(message, event);
    this.#log.warn(fields, message);
    event.nextMs = nowMs + QUIET_MS;
  }

  /** Tells what was counted and has waited long enough; to be called now and then. */
  flush(): void {
    const nowMs = this.#uptimeMs();
    for (const [message, event] of this.#events) {
      if (nowMs >= event.nextMs) this.#tell(message, event);
    }
  }

  /** Tells everything. */
  close(): void {
    for (const [message, event] of this.#events) this.#tell(message, event);
  }

  #tell(message: string, event: Event): void {
    if (event.suppressed.size === 0) return;
    this.#log.warn({ suppressed: Object.fromEntries(event.suppressed) }, message);
    event.suppressed.clear();
    event.nextMs = this.#uptimeMs() + QUIET_MS;
  }
}

function count(counts: Map<string, number>, reason: string): void {
  const key = counts.has(reason) || counts.size < MOST_REASONS ? reason : 'other';
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
