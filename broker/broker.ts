import { setTimeout as delay } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import type { AedesOptions, Client } from 'aedes';
import type { Registry } from 'prom-client';
import { openJournalWriter } from '../journal/writer.ts';
import type { JournalWriter } from '../journal/journal-writer.ts';
import { pruneStored } from '../journal/prune-stored.ts';
import { readCursor } from '../store/cursors.ts';
import { AckGate } from './ack-gate.ts';
import { Admission } from './admission.ts';
import { Authenticator } from './authenticator.ts';
import { Authorizer } from './authorizer.ts';
import { createBrokerMetrics } from './broker-metrics.ts';
import type { BrokerMetrics } from './broker-metrics.ts';
import { DEFAULT_LIMITS, OPEN_LIMITS, assertSafeOptions } from './broker-options.ts';
import type { BrokerLimits, BrokerOptions, BrokerPorts } from './broker-options.ts';
import { resetIdentifiers } from './delivery.ts';
import { EventLog } from './event-log.ts';
import { FailureThrottle } from '../domain/failure-throttle.ts';
import { GatedAedes } from './gated-aedes.ts';
import { guardClient } from './guard-client.ts';
import { guardPersistence } from './guarded-persistence.ts';
import { limitKeepAlive } from './keep-alive.ts';
import { openListeners } from './listeners.ts';
import type { Listeners } from './listeners.ts';
import { createOpenDoor } from './open-door.ts';
import { PacketBudgets } from './packet-budget.ts';
import { PrincipalCache } from './principal-cache.ts';
import { Sessions } from './sessions.ts';
import { watchStore } from './store-watch.ts';

/** How often connections are looked at whose token's time may be over, and refusals are told. */
const EXPIRY_INTERVAL_MS = 1_000;

/** For rates and pauses: the time of day may be set. */
const uptimeMs = (): number => performance.now();

/** Stopping may not take longer: whoever stops us kills us soon after. */
const STOP_TIMEOUT_MS = 5_000;

/** The MQTT front door. */
export interface Broker {
  /** Opens the journal and the ports. Rejects, with nothing left open, when one cannot be had. */
  start(): Promise<BrokerPorts>;
  /** Closes every connection and commits what came in. Takes five seconds at most. */
  stop(): Promise<void>;
  /** Metrics named `tunna_broker_*`. */
  readonly registry: Registry;
  /** Whether the journal cannot commit, so that nothing is acknowledged. */
  readonly failing: boolean;
}

/** Throws when the options would let strangers in. */
export function createBroker(options: BrokerOptions): Broker {
  assertSafeOptions(options);
  return new MqttBroker(options);
}

class MqttBroker implements Broker {
  readonly #options: BrokerOptions;
  readonly #limits: BrokerLimits;
  readonly #metrics: BrokerMetrics;
  readonly #events: EventLog;
  readonly #sessions: Sessions;
  readonly #principals: PrincipalCache;
  readonly #admission: Admission;
  readonly #budgets: PacketBudgets;
  readonly #authenticator: Authenticator;
  readonly #addresses = new WeakMap<Client, string>();
  /** What start opened, in order; stop undoes it backwards. */
  readonly #undo: (() => void | Promise<void>)[] = [];
  #stopping: Promise<void> | undefined;
  #journal: JournalWriter | undefined;
  #aedes: GatedAedes | undefined;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...(options.open && OPEN_LIMITS), ...options.limits };
    this.#events = new EventLog(options.log, uptimeMs);
    this.#sessions = new Sessions(options.now);
    this.#principals = new PrincipalCache(options.store);
    this.#admission = new Admission(this.#limits);
    this.#budgets = new PacketBudgets(this.#limits, uptimeMs);
    this.#authenticator = this.#createAuthenticator();
    this.#metrics = createBrokerMetrics({
      connections: () => this.#aedes?.connectedClients ?? 0,
      pendingRecords: () => this.#journal?.pendingRecords ?? 0,
      pendingBytes: () => this.#journal?.pendingBytes ?? 0,
      failing: () => this.failing,
    });
  }

  get registry(): Registry {
    return this.#metrics.registry;
  }

  get failing(): boolean {
    return this.#journal?.failing ?? false;
  }

  async start(): Promise<BrokerPorts> {
    try {
      const journal = await this.#openJournal();
      const authorizer = this.#createAuthorizer(journal);
      const aedes = await this.#openAedes(authorizer);
      const { store, now } = this.#options;
      const principals = this.#principals;
      const sessions = this.#sessions;
      const onError = (error: unknown): void =>
        this.#events.warn('The broker cannot read the store', failure(error));
      this.#undo.push(await watchStore({ store, aedes, principals, sessions, now, onError }));
      this.#startTimers(journal, authorizer);
      const { ports } = await this.#openPorts(aedes, authorizer);
      this.#options.log.info({ ...ports, host: this.#options.host }, 'The broker listens');
      return ports;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopInTime();
    return this.#stopping;
  }

  async #stopInTime(): Promise<void> {
    const late = new AbortController();
    const timeout = delay(STOP_TIMEOUT_MS, 'late', { signal: late.signal }).catch(() => 'done');
    const result = await Promise.race([this.#undoAll(), timeout]);
    late.abort();
    if (result === 'late') this.#options.log.error({}, 'The broker did not stop in time');
  }

  async #undoAll(): Promise<void> {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) await undo();
  }

  async #openJournal(): Promise<JournalWriter> {
    const { store, journalFolder, door, log } = this.#options;
    const journal = await openJournalWriter({
      folder: journalFolder,
      door: door ?? 'mqtt',
      log,
      storedThrough: (id) => readCursor(store, id),
      onCommit: ({ records, durationMs }) => {
        this.#metrics.commitSeconds.observe(durationMs / 1_000);
        this.#metrics.commitRecords.inc(records);
      },
    });
    this.#journal = journal;
    this.#undo.push(() => journal.close());
    return journal;
  }

  #createAuthorizer(journal: JournalWriter): Authorizer {
    const { now, open } = this.#options;
    const limits = this.#limits;
    const metrics = this.#metrics;
    const gate = new AckGate({ journal, limits, metrics, uptimeMs });
    const events = this.#events;
    const rules = { limits, metrics, events, open, now, uptimeMs };
    return new Authorizer({ ...rules, sessions: this.#sessions, gate, budgets: this.#budgets });
  }

  async #openAedes(authorizer: Authorizer): Promise<GatedAedes> {
    const { open, log } = this.#options;
    const aedes = new GatedAedes(this.#aedesOptions(authorizer), open);
    await aedes.listen();
    this.#aedes = aedes;
    this.#undo.push(async () => {
      this.#admission.destroyAll();
      await new Promise<void>((resolve) => aedes.close(resolve));
    });
    guardPersistence(aedes, {
      isGranted: (client, filter) => authorizer.isGranted(client, filter),
      queuedPerSession: this.#limits.queuedPerSession,
      sessionsPerPrincipal: this.#limits.sessionsPerPrincipal,
      routesClients: open,
      onDropped: (clientId) => {
        this.#events.warn('A session has too much queued', { clientId, reason: 'queue' });
      },
    });
    aedes.on('client', resetIdentifiers);
    aedes.on('unsubscribe', (filters, client) => authorizer.noteUnsubscribed(client, filters));
    for (const event of ['clientError', 'connectionError'] as const) {
      aedes.on(event, (client, error) => this.#noteClientError(client, error));
    }
    // Aedes' types leave this event out; unheard it would end the process.
    aedes.addListener('error', (error: Error) => log.error({ err: error }, 'The broker failed'));
    return aedes;
  }

  #aedesOptions(authorizer: Authorizer): AedesOptions {
    const { open } = this.#options;
    const { authorizePublish, authorizeSubscribe, authorizeForward } = authorizer;
    const limits = {
      connectTimeout: this.#limits.connectTimeoutMs,
      drainTimeout: this.#limits.drainTimeoutMs,
      // A client may send on behind its CONNECT; what that can be, one read of the socket bounds.
      queueLimit: this.#limits.unacknowledgedPerConnection,
      // Ours are longer than a client's own, since the principal stands in front.
      maxClientsIdLength: 200,
    };
    const rules = { ...limits, authorizePublish, authorizeSubscribe, authorizeForward };
    const { preConnect, authenticate } = open
      ? createOpenDoor((client) => this.#admission.accept(client.conn))
      : this.#authenticator;
    const limitSilence: typeof preConnect = (client, packet, callback) => {
      limitKeepAlive(packet, this.#limits.keepAliveSeconds);
      preConnect(client, packet, callback);
    };
    return { ...rules, preConnect: limitSilence, authenticate };
  }

  #createAuthenticator(): Authenticator {
    return new Authenticator({
      principals: this.#principals,
      sessions: this.#sessions,
      throttle: new FailureThrottle(this.#limits.failuresPerMinute, uptimeMs),
      limits: this.#limits,
      now: this.#options.now,
      uptimeMs,
      addressOf: (client) => this.#addresses.get(client) ?? '',
      onAccepted: (client) => this.#admission.accept(client.conn),
      onDelayed: (client) => this.#admission.accept(client.conn),
      onRefused: (client, reason, error) => {
        this.#metrics.refused.inc({ reason });
        const address = this.#addresses.get(client);
        this.#events.warn('A connection was refused', { address, reason, err: error });
      },
    });
  }

  #startTimers(journal: JournalWriter, authorizer: Authorizer): void {
    const expiry = setInterval(() => {
      this.#sessions.closeExpired();
      this.#events.flush();
    }, EXPIRY_INTERVAL_MS);
    const pruning = setInterval(() => {
      authorizer.forgetIdle();
      this.#authenticator.forgetIdle();
      void this.#prune(journal);
    }, this.#limits.pruneIntervalMs);
    this.#undo.push(() => {
      clearInterval(expiry);
      clearInterval(pruning);
      this.#events.close();
    });
  }

  async #prune(journal: JournalWriter): Promise<void> {
    try {
      const { store } = this.#options;
      await pruneStored(journal, (id) => readCursor(store, id), this.#limits.recordsKept);
    } catch (error) {
      this.#events.warn('The journal could not be pruned', failure(error));
    }
  }

  async #openPorts(aedes: GatedAedes, authorizer: Authorizer): Promise<Listeners> {
    const listeners = await openListeners(this.#options, {
      onConnection: (stream, address) => {
        const begin = (): void => this.#begin(aedes, authorizer, stream, address);
        if (this.#admission.arrive(stream, address, begin)) return;
        this.#metrics.refused.inc({ reason: 'connection-limit' });
        this.#events.warn('A connection was refused', { address, reason: 'connection-limit' });
      },
      onError: (error) => this.#events.warn('A connection could not be taken', failure(error)),
    });
    this.#undo.push(() => listeners.close());
    return listeners;
  }

  #begin(aedes: GatedAedes, authorizer: Authorizer, stream: Duplex, address: string): void {
    const client = aedes.handle(stream);
    this.#addresses.set(client, address);
    guardClient(client, {
      authorizer,
      budgets: this.#budgets,
      maxFiltersPerSubscribe: this.#limits.filtersPerSubscribe,
      routesClients: this.#options.open,
      onFault: (reason) => this.#metrics.refused.inc({ reason }),
    });
  }

  #noteClientError(client: Client, error: Error): void {
    this.#events.warn('A connection ended with an error', {
      address: this.#addresses.get(client),
      principal: this.#sessions.of(client)?.principal.id,
      reason: error.message,
    });
  }
}

/** An error for the log, with its text as the reason by which it is counted. */
function failure(error: unknown): { readonly err: unknown; readonly reason: string } {
  return { err: error, reason: error instanceof Error ? error.message : String(error) };
}
