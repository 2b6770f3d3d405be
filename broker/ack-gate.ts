import { entrySize } from '../journal/entry-batch.ts';
import type { JournalEntry } from '../journal/record.ts';
import type { JournalWriter } from '../journal/journal-writer.ts';
import type { BrokerLimits } from './broker-options.ts';
import type { BrokerMetrics } from './broker-metrics.ts';
import type { TokenBucket } from '../domain/token-bucket.ts';

/** Called without an error when the message may be acknowledged; with one, the connection is closed instead. */
export type Done = (error?: Error | null) => void;

interface Waiting {
  readonly lane: AckLane;
  readonly entry: JournalEntry;
  readonly size: number;
  readonly done: Done;
}

/** What the gate knows of one connection. */
export class AckLane {
  /** The rate of its device. */
  bucket: TokenBucket | undefined;
  /** Messages neither acknowledged nor refused, and their bytes. */
  unacknowledged = 0;
  unacknowledgedBytes = 0;
  /** Nothing may be acknowledged any more: a message failed [MQTT-4.6.0-2] or the connection has ended. */
  failed = false;
  /** Messages that came too fast, with the time at which each may go on. */
  readonly held: (Waiting & { readonly readyAtMs: number })[] = [];
  timer: NodeJS.Timeout | undefined;
}

export interface AckGateOptions {
  readonly journal: JournalWriter;
  readonly limits: BrokerLimits;
  readonly metrics: BrokerMetrics;
  /** Milliseconds that only grow. */
  readonly uptimeMs: () => number;
}

/**
 * Lets a message through to its acknowledgement only when the journal has it on disk, in the order of each connection.
 * A message too many waits, first for its device's rate, then for room in the journal.
 */
export class AckGate {
  readonly #options: AckGateOptions;
  /** Messages for which the journal has no room. */
  #waiting: Waiting[] = [];
  /** Bytes of all messages that wait, for room or for their device's rate. */
  #waitingBytes = 0;
  #draining = false;
  /** Of the present commit, not yet in the metrics. */
  #journaled = 0;
  #acknowledged = 0;

  constructor(options: AckGateOptions) {
    this.#options = options;
  }

  submit(lane: AckLane, entry: JournalEntry, done: Done): void {
    if (lane.failed) return;
    const { limits, metrics, uptimeMs } = this.#options;
    const message = { lane, entry, done, size: entrySize(entry) };
    if (
      lane.unacknowledged >= limits.unacknowledgedPerConnection ||
      lane.unacknowledgedBytes + message.size > limits.unacknowledgedBytesPerConnection
    ) {
      metrics.refused.inc({ reason: 'too-many-unacknowledged' });
      this.#refuse(message, new Error('Too many messages wait'));
      return;
    }
    lane.unacknowledged += 1;
    lane.unacknowledgedBytes += message.size;
    const waitMs = lane.bucket?.take(uptimeMs()) ?? 0;
    if (waitMs === 0 && lane.held.length === 0) this.#forward(message);
    else this.#hold({ ...message, readyAtMs: uptimeMs() + waitMs });
  }

  /** The connection has ended: nothing of it can be acknowledged, and what still waits is repeated by its sender. */
  closeLane(lane: AckLane): void {
    lane.failed = true;
    clearTimeout(lane.timer);
    for (const { entry, size } of lane.held.splice(0)) {
      this.#waitingBytes -= size;
      this.#countLoss(entry);
    }
  }

  #hold(held: AckLane['held'][number]): void {
    if (!this.#mayWait(held)) return;
    held.lane.held.push(held);
    if (held.lane.held.length === 1) this.#armTimer(held.lane);
  }

  /** Takes the bytes of a message into account; when they are too many, it fails. */
  #mayWait(message: Waiting): boolean {
    if (this.#waitingBytes + message.size > this.#options.limits.waitingBytes) {
      this.#fail(message, new Error('Too much waits'));
      return false;
    }
    this.#waitingBytes += message.size;
    return true;
  }

  #armTimer(lane: AckLane): void {
    const [next] = lane.held;
    if (next === undefined) return;
    const waitMs = Math.max(1, next.readyAtMs - this.#options.uptimeMs());
    lane.timer = setTimeout(() => this.#releaseHeld(lane), waitMs);
  }

  #releaseHeld(lane: AckLane): void {
    const nowMs = this.#options.uptimeMs();
    const stillHeld = lane.held.findIndex(({ readyAtMs }) => readyAtMs > nowMs);
    const ready = lane.held.splice(0, stillHeld === -1 ? lane.held.length : stillHeld);
    for (const message of ready) {
      this.#waitingBytes -= message.size;
      this.#forward(message);
    }
    this.#armTimer(lane);
  }

  #forward(message: Waiting): void {
    if (this.#waiting.length === 0 && this.#options.journal.hasRoom) {
      this.#append(message);
      return;
    }
    if (this.#waiting.length >= this.#options.limits.waitingForJournal) {
      this.#fail(message, new Error('The journal cannot keep up'));
    } else if (this.#mayWait(message)) this.#waiting.push(message);
  }

  #append(message: Waiting): void {
    const { entry } = message;
    this.#options.journal.write(entry, (error) => {
      if (error === undefined) this.#acknowledge(message);
      else this.#fail(message, new Error('The journal could not keep a message', { cause: error }));
      this.#scheduleDrain();
    });
  }

  #acknowledge(message: Waiting): void {
    const { lane, entry, done } = message;
    this.#settle(message);
    this.#count(entry.qos > 0 && !lane.failed);
    if (!lane.failed) done(null);
  }

  /** Adds to the metrics once per commit: a counter takes longer than all else here. */
  #count(isAcknowledged: boolean): void {
    this.#journaled += 1;
    if (isAcknowledged) this.#acknowledged += 1;
    if (this.#journaled > 1) return;
    queueMicrotask(() => {
      const { messages, acknowledged } = this.#options.metrics;
      messages.inc({ outcome: 'journaled' }, this.#journaled);
      acknowledged.inc(this.#acknowledged);
      this.#journaled = 0;
      this.#acknowledged = 0;
    });
  }

  /** Once per commit rather than once per message: the appends of a commit settle together. */
  #scheduleDrain(): void {
    if (this.#draining || this.#waiting.length === 0) return;
    this.#draining = true;
    setImmediate(() => {
      this.#draining = false;
      let taken = 0;
      for (const message of this.#waiting) {
        if (!this.#options.journal.hasRoom) break;
        taken += 1;
        this.#waitingBytes -= message.size;
        if (message.lane.failed) this.#countLoss(message.entry);
        else this.#append(message);
      }
      this.#waiting = this.#waiting.slice(taken);
    });
  }

  #fail(message: Waiting, error: Error): void {
    const { lane, entry, done } = message;
    this.#settle(message);
    this.#countLoss(entry);
    if (entry.qos === 0) {
      done(null);
      return;
    }
    if (lane.failed) return;
    lane.failed = true;
    // Closing at once would bring the sender back at once, over and over.
    setTimeout(() => done(error), this.#options.limits.journalFailureDelayMs).unref();
  }

  #refuse({ lane, entry, done }: Waiting, error: Error): void {
    lane.failed = true;
    this.#countLoss(entry);
    done(error);
  }

  #settle({ lane, size }: Waiting): void {
    lane.unacknowledged -= 1;
    lane.unacknowledgedBytes -= size;
  }

  #countLoss(entry: JournalEntry): void {
    this.#options.metrics.messages.inc({ outcome: entry.qos === 0 ? 'dropped' : 'failed' });
  }
}
