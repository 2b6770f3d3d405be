import type { Response } from 'express';
import type { Logger } from 'pino';
import { newestChange } from '../../../store/changes.ts';
import type { Store } from '../../../store/database.ts';
import { findMissedBins } from '../../../store/views/missed-bins.ts';
import type { ChangeSpan, MissedBins } from '../../../store/views/missed-bins.ts';
import { HttpProblem } from '../problem.ts';
import { ChangeCollector } from './change-collector.ts';
import { describeChanges } from './describe-changes.ts';
import { EventClient } from './event-client.ts';
import { formatEvent, formatHeartbeat } from './format-event.ts';

export interface EventLimits {
  /** Open streams at most. */
  readonly maxClients: number;
  /** Time between two `bins` events at least, ms. */
  readonly gapMs: number;
  readonly heartbeatMs: number;
  /** A client with more than this unsent is cut off. */
  readonly maxBacklogBytes: number;
  /** A client that missed changes of more bins than this loads everything anew. */
  readonly maxMissedBins: number;
}

export const DEFAULT_EVENT_LIMITS: EventLimits = {
  maxClients: 500,
  gapMs: 1_000,
  heartbeatMs: 15_000,
  maxBacklogBytes: 1_000_000,
  maxMissedBins: 5_000,
};

export interface EventHubOptions {
  readonly store: Store;
  readonly limits: EventLimits;
  readonly now: () => number;
  readonly log: Logger;
}

const RETRY_AFTER = { 'Retry-After': '5' };

/** Tells all open event streams of changed bins. One reader of the changes feeds them all. */
export class EventHub {
  readonly #options: EventHubOptions;
  readonly #collector: ChangeCollector;
  /** Clients that have been told of everything up to the collector's number. */
  readonly #clients = new Set<EventClient>();
  /** Those and the ones still catching up. */
  readonly #open = new Set<EventClient>();
  #heartbeat: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: EventHubOptions) {
    this.#options = options;
    const { store, log, limits } = options;
    this.#collector = new ChangeCollector({
      store,
      log,
      gapMs: limits.gapMs,
      tell: (missed, span) => this.#tell(missed, span),
    });
  }

  get clientCount(): number {
    return this.#open.size;
  }

  /** Whether it knows where it stands in the changes. */
  get isReady(): boolean {
    return this.#collector.toldSeq !== undefined;
  }

  start(): void {
    this.#collector.start();
    this.#heartbeat = setInterval(() => this.#beat(), this.#options.limits.heartbeatMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#heartbeat);
    for (const client of this.#open) client.close();
    await this.#collector.stop();
  }

  /**
   * Opens a stream, after `lastEventId` where the client has had one before.
   * @throws HttpProblem 503 when there are too many, or the changes cannot be read yet
   */
  async open(response: Response, lastEventId: number | undefined): Promise<void> {
    const { limits, log, now } = this.#options;
    const { toldSeq } = this.#collector;
    if (this.#open.size >= limits.maxClients) {
      const detail = 'As many event streams are open as this server allows';
      throw new HttpProblem(503, { detail, headers: RETRY_AFTER });
    }
    if (toldSeq === undefined || this.#isStopped) {
      const detail = 'The database does not answer';
      throw new HttpProblem(503, { detail, headers: RETRY_AFTER });
    }
    const client = new EventClient(response, limits.maxBacklogBytes);
    this.#open.add(client);
    response.once('close', () => {
      this.#open.delete(client);
      this.#clients.delete(client);
    });
    client.open();
    const hello = { lastChange: toldSeq, serverTime: new Date(now()).toISOString() };
    client.send(formatEvent(lastEventId ?? toldSeq, 'hello', hello));
    if (lastEventId === undefined) {
      this.#clients.add(client);
      return;
    }
    try {
      await this.#catchUp(client, lastEventId);
    } catch (error) {
      log.error({ err: error }, 'An event stream could not catch up');
      client.destroy();
    }
  }

  /** Brings a client to where all others are, and adds it to them before anybody can be told more. */
  async #catchUp(client: EventClient, lastEventId: number): Promise<void> {
    const { store, limits, now } = this.#options;
    let seq = lastEventId;
    if (seq > this.#toldSeq && seq > (await newestChange(store))) {
      // A number nobody gave out, or one of a database that was put back since.
      this.#reset(client);
      return;
    }
    while (seq < this.#toldSeq && client.isOpen) {
      const span = { afterSeq: seq, toSeq: this.#toldSeq };
      const missed = await findMissedBins(store, span, limits.maxMissedBins);
      if (missed === undefined) {
        this.#reset(client);
        return;
      }
      client.send(await describeChanges(store, missed, span, now()));
      seq = span.toSeq;
    }
    if (client.isOpen) this.#clients.add(client);
  }

  #reset(client: EventClient): void {
    client.send(formatEvent(this.#toldSeq, 'reset', {}));
    if (client.isOpen) this.#clients.add(client);
  }

  get #toldSeq(): number {
    return this.#collector.toldSeq ?? 0;
  }

  /** The events are made once for all clients, and not at all when there are none. */
  #tell(missed: MissedBins, span: ChangeSpan): Promise<() => void> | undefined {
    if (this.#clients.size === 0) return undefined;
    const { store, now } = this.#options;
    return describeChanges(store, missed, span, now()).then((text) => () => {
      for (const client of this.#clients) client.send(text);
    });
  }

  #beat(): void {
    const text = formatHeartbeat(this.#toldSeq);
    for (const client of this.#clients) client.send(text);
  }
}
