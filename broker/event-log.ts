import type { BrokerLog } from './broker-options.ts';

/** One line per event and this time; the rest is counted and told with the next line. */
const QUIET_MS = 10_000;

/** Warns of what strangers cause without letting them fill the log. Events are fixed texts, so few. */
export class EventLog {
  readonly #log: BrokerLog;
  readonly #now: () => number;
  readonly #events = new Map<string, { nextMs: number; suppressed: number }>();

  constructor(log: BrokerLog, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  warn(message: string, fields: Readonly<Record<string, unknown>>): void {
    const nowMs = this.#now();
    const event = this.#events.get(message) ?? { nextMs: 0, suppressed: 0 };
    this.#events.set(message, event);
    if (nowMs < event.nextMs) {
      event.suppressed += 1;
      return;
    }
    this.#log.warn({ ...fields, suppressed: event.suppressed }, message);
    event.nextMs = nowMs + QUIET_MS;
    event.suppressed = 0;
  }
}
