import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { errorText } from '../../domain/error-text.ts';
import type { JournalWriter } from '../../journal/journal-writer.ts';
import { pruneStored } from '../../journal/prune-stored.ts';
import { openJournalWriter } from '../../journal/writer.ts';
import { readCursor } from '../../store/cursors.ts';
import type { Store } from '../../store/database.ts';
import { retryDelayMs } from './back-off.ts';
import type { BackOff } from './back-off.ts';
import { readCredentials } from './credentials.ts';
import { KnownFilters } from './known-filters.ts';
import { displayUrl, sourceClientId, sourceDoor } from './mqtt-source.ts';
import type { MqttSource } from './mqtt-source.ts';
import { Receiver } from './receiver.ts';
import type { ReceiveOutcome } from './receiver.ts';
import { SourceConnection } from './source-connection.ts';
import type { Admission, Ending, SourceMessage } from './source-connection.ts';
import type { SourceMetrics } from './source-metrics.ts';

export interface SourceClientOptions {
  readonly source: MqttSource;
  readonly store: Store;
  readonly journalFolder: string;
  /** Of its file in the folder, without the ending. */
  readonly journalName: string;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  readonly metrics: SourceMetrics;
  readonly backOff: BackOff;
  /** ms since 1970. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Told at every connect. */
  readonly onConnected: () => void;
}

const PRUNE_INTERVAL_MS = 60_000;
/** As many connections in a row that the broker ended at once are probably somebody else's doing. */
const SUSPICIOUS_ENDS = 3;
const AT_ONCE_MS = 5_000;

/**
 * Fetches the messages of one source for as long as it runs: its journal, and one connection after the other. Trouble is logged
 * and counted, never thrown: other sources and the rest of ingest do not notice.
 */
export class SourceClient {
  readonly #options: SourceClientOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #connection: SourceConnection | undefined;
  #failures = 0;
  #shortConnections = 0;
  /** What was last logged as wrong, so that it is not said again at every attempt. */
  #told: string | undefined;
  /** From a message that could not be kept until one that could: every connection ends soon, and has nothing to tell. */
  #isKeepingFailing = false;

  constructor(options: SourceClientOptions) {
    this.#options = options;
  }

  start(): void {
    const { metrics, source } = this.#options;
    metrics.setConnected(source.name, false);
    this.#running ??= this.#run();
  }

  /** What is durable is acknowledged; the rest the broker sends again, when we come back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /**
   * Publishes to the source's broker; resolves at the PUBACK. Rejects when the source is not connected (nothing was sent), or
   * loses its connection before the PUBACK (whether it was sent is not known).
   */
  async publish(message: SourceMessage): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined || !this.isConnected) {
      throw new SourceNotConnectedError(this.#options.source.name);
    }
    await connection.publish(message);
  }

  /** Whether the source's broker has let us in and taken our subscriptions. */
  get isConnected(): boolean {
    return this.#connection?.isAdmitted === true;
  }

  async #run(): Promise<void> {
    const journal = await this.#openJournal();
    if (journal === undefined) return;
    const pruning = setInterval(() => void this.#prune(journal), PRUNE_INTERVAL_MS);
    try {
      while (!this.#stopping.signal.aborted) {
        const ending = await this.#connectOnce(journal);
        if (ending !== undefined) await this.#pauseAfter(ending);
      }
    } finally {
      clearInterval(pruning);
      await journal.close();
    }
  }

  /** Tries until it can be had: another process may still have it, or a disk may be full. */
  async #openJournal(): Promise<JournalWriter | undefined> {
    const { source, store, journalFolder, log } = this.#options;
    while (!this.#stopping.signal.aborted) {
      try {
        const journal = await openJournalWriter({
          folder: journalFolder,
          door: sourceDoor(source.name),
          name: this.#options.journalName,
          log,
          storedThrough: (id) => readCursor(store, id),
        });
        this.#isKeepingFailing = false;
        return journal;
      } catch (error) {
        await this.#pauseAfter({ kind: 'journal', reason: errorText(error) });
      }
    }
    return undefined;
  }

  /** One connection, to its end; `undefined` when it ended because we stop. */
  async #connectOnce(journal: JournalWriter): Promise<Ending | undefined> {
    const { source, metrics } = this.#options;
    const { signal } = this.#stopping;
    let admittedAtMs: number | undefined;
    let connection: SourceConnection;
    try {
      connection = this.#open(journal, () => (admittedAtMs = performance.now()));
    } catch (error) {
      // A file cannot be read, or something of the settings is not to mqtt.js' taste.
      return { kind: 'refused', reason: errorText(error) };
    }
    this.#connection = connection;
    const stop = (): void => void connection.stop();
    signal.addEventListener('abort', stop, { once: true });
    const ending = await connection.ended;
    signal.removeEventListener('abort', stop);
    this.#connection = undefined;
    metrics.setConnected(source.name, false);
    if (signal.aborted) return undefined;
    this.#judgeLength(admittedAtMs === undefined ? undefined : performance.now() - admittedAtMs);
    return ending;
  }

  #open(journal: JournalWriter, onAdmitted: () => void): SourceConnection {
    const { source, metrics, now, journalFolder, journalName, backOff } = this.#options;
    const { mqtt, name } = source;
    const filters = mqtt.topics.map(({ filter }) => filter);
    const known = new KnownFilters(journalFolder, journalName);
    const obsoleteFilters = known.read().filter((filter) => !filters.includes(filter));
    this.#remember(known, [...filters, ...obsoleteFilters]);
    return new SourceConnection({
      mqtt,
      obsoleteFilters,
      answerMs: backOff.answerMs,
      clientId: mqtt.clientId ?? sourceClientId(name, journal.id),
      credentials: readCredentials(mqtt),
      createReceiver: ({ write, fail }) =>
        new Receiver({
          ...{ journal, now, write, principal: name },
          backfill: mqtt.backfill,
          retained: mqtt.retained,
          onFailure: fail,
          onOutcome: (outcome) => this.#noteOutcome(outcome),
          onAcknowledged: (messages) => metrics.noteAcknowledged(name, messages),
        }),
      onAdmitted: (admission) => {
        onAdmitted();
        this.#remember(known, filters);
        metrics.setConnected(name, true);
        this.#tellAdmission(admission);
        this.#options.onConnected();
      },
    });
  }

  /** A disk that has no room for this has none for messages either, which is told where it matters. */
  #remember(known: KnownFilters, filters: readonly string[]): void {
    try {
      known.write(filters);
    } catch (error) {
      const fields = { source: this.#options.source.name, err: error };
      this.#options.log.debug(fields, 'The filters of a source could not be remembered');
    }
  }

  #noteOutcome(outcome: ReceiveOutcome): void {
    const { source, log, metrics } = this.#options;
    metrics.noteMessage(source.name, outcome);
    if (outcome !== 'journaled' || !this.#isKeepingFailing) return;
    this.#isKeepingFailing = false;
    this.#told = undefined;
    log.info({ source: source.name }, 'The messages of the source are kept again');
  }

  #tellAdmission({ sessionPresent, refusedFilters, unkeptFilters }: Admission): void {
    const { source, log } = this.#options;
    const place = { source: source.name, url: displayUrl(source.mqtt.url) };
    if (this.#isKeepingFailing) return;
    this.#told = undefined;
    log.info({ ...place, sessionPresent }, 'The source is connected');
    if (refusedFilters.length > 0) {
      log.error({ ...place, filters: refusedFilters }, 'The source refuses some of the topics');
    }
    if (unkeptFilters.length > 0) {
      const message =
        'The source offers QoS 0 only: what it sends while Tunna is away or its disk fails is lost';
      log.warn({ ...place, filters: unkeptFilters }, message);
    }
  }

  /** A connection that lasted sets the back-off back; several that did not are a sign. `undefined`: it was none. */
  #judgeLength(lengthMs: number | undefined): void {
    const { source, backOff, log } = this.#options;
    if (lengthMs === undefined) return;
    if (lengthMs >= backOff.healthyMs) this.#failures = 0;
    this.#shortConnections = lengthMs < AT_ONCE_MS ? this.#shortConnections + 1 : 0;
    if (this.#shortConnections !== SUSPICIOUS_ENDS) return;
    const advice =
      'The source ends every connection at once; perhaps another client has the same client id';
    log.warn({ source: source.name }, advice);
  }

  async #pauseAfter({ kind, reason }: Ending): Promise<void> {
    const { source, backOff, random, log, metrics } = this.#options;
    this.#failures += 1;
    metrics.noteFailure(source.name, kind);
    const retryMs = retryDelayMs(backOff, { kind, failures: this.#failures }, random());
    const fields = { source: source.name, url: displayUrl(source.mqtt.url), reason, retryMs };
    // A sick disk has many words for one trouble.
    const isKnown = kind === 'journal' ? this.#isKeepingFailing : this.#told === reason;
    this.#told = reason;
    if (kind === 'journal') this.#isKeepingFailing = true;
    log[isKnown ? 'debug' : kind === 'network' ? 'warn' : 'error'](fields, MESSAGES[kind]);
    await delay(retryMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }

  async #prune(journal: JournalWriter): Promise<void> {
    try {
      const { store } = this.#options;
      await pruneStored(journal, (id) => readCursor(store, id));
    } catch (error) {
      const fields = { source: this.#options.source.name, err: error };
      this.#options.log.warn(fields, 'The journal of a source could not be pruned');
    }
  }
}

const MESSAGES: Readonly<Record<Ending['kind'], string>> = {
  network: 'The source is not reachable; it will be tried again',
  refused: 'The source does not let us in; it will be tried again, slowly',
  journal: 'The messages of a source cannot be kept; they stay with it until they can',
  protocol: 'The source does what it must not; it will be tried again',
};

/** Nothing was sent: there is no connection at present. */
export class SourceNotConnectedError extends Error {
  constructor(source: string) {
    super(`the source ${source} is not connected`);
    this.name = 'SourceNotConnectedError';
  }
}
