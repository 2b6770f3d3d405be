import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'aedes';
import type { Registry } from 'prom-client';
import { openJournalWriter } from '../journal/writer.ts';
import type { JournalWriter } from '../journal/journal-writer.ts';
import { pruneStored } from '../journal/prune-stored.ts';
import { readCursor } from '../store/cursors.ts';
import { createAedesOptions } from './aedes-options.ts';
import { AckGate } from './ack-gate.ts';
import { Admission } from './admission.ts';
import { Authenticator } from './authenticator.ts';
import { Authorizer } from './authorizer.ts';
import { createBrokerMetrics } from './broker-metrics.ts';
import type { BrokerMetrics } from './broker-metrics.ts';
import { DEFAULT_LIMITS, OPEN_LIMITS, assertSafeOptions } from './broker-options.ts';
import type {
  BrokerLimits,
  BrokerOptions,
  BrokerPorts,
  ClientCertificate,
  TlsOptions,
} from './broker-options.ts';
import { resetIdentifiers } from './delivery.ts';
import { EventLog } from './event-log.ts';
import { FailureThrottle } from '../domain/failure-throttle.ts';
import { GatedAedes } from './gated-aedes.ts';
import { guardClient } from './guard-client.ts';
import { guardPersistence } from './guarded-persistence.ts';
import { openListeners } from './listeners.ts';
import type { Arrival, Listeners } from './listeners.ts';
import { PacketBudgets } from './packet-budget.ts';
import { PrincipalCache } from './principal-cache.ts';
import { failure, Refusals } from './refusals.ts';
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
  /** New TLS connections get this certificate; those that stand keep theirs. Throws, with nothing changed, when it is none. */
  replaceCertificate(tls: Pick<TlsOptions, 'cert' | 'key' | 'clientCa'>): void;
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
  readonly #certificates = new WeakMap<Client, ClientCertificate>();
  readonly #refusals: Refusals;
  #listeners: Listeners | undefined;
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
    this.#admission = new Admission(this.#limits, uptimeMs);
    // Connecting anew earns a device nothing.
    const ownerOf = (client: Client): string | undefined => this.#sessions.deviceOf(client);
    this.#budgets = new PacketBudgets({ limits: this.#limits, uptimeMs, ownerOf });
    this.#metrics = createBrokerMetrics({
      connections: () => this.#aedes?.connectedClients ?? 0,
      pendingRecords: () => this.#journal?.pendingRecords ?? 0,
      pendingBytes: () => this.#journal?.pendingBytes ?? 0,
      failing: () => this.failing,
    });
    this.#refusals = this.#createRefusals();
    this.#authenticator = this.#createAuthenticator();
  }

  get registry(): Registry {
    return this.#metrics.registry;
  }

  replaceCertificate(tls: Pick<TlsOptions, 'cert' | 'key' | 'clientCa'>): void {
    this.#listeners?.replaceCertificate(tls);
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
    const refusals = this.#refusals;
    const rules = { limits, refusals, open, now, uptimeMs };
    return new Authorizer({ ...rules, sessions: this.#sessions, gate, budgets: this.#budgets });
  }

  async #openAedes(authorizer: Authorizer): Promise<GatedAedes> {
    const { open, log } = this.#options;
    const authenticator = open ? null : this.#authenticator;
    const accept = (client: Client): void => this.#admission.accept(client.conn);
    const options = createAedesOptions(this.#limits, authorizer, authenticator, accept);
    const aedes = new GatedAedes(options, open);
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
      aedes.on(event, (client, error) => this.#refusals.clientError(client, error));
    }
    // Aedes' types leave this event out; unheard it would end the process.
    aedes.addListener('error', (error: Error) => log.error({ err: error }, 'The broker failed'));
    return aedes;
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
      certificateOf: (client) => this.#certificates.get(client),
      onRefused: (client, refused, error) => this.#refusals.connect(client, refused, error),
      onTakeover: () => this.#metrics.takeovers.inc(),
      onSuspicion: (id, suspicion) => void this.#refusals.suspect(id, suspicion),
    });
  }

  #createRefusals(): Refusals {
    const { store, now } = this.#options;
    return new Refusals({
      ...{ store, now, uptimeMs, metrics: this.#metrics, events: this.#events },
      sessions: this.#sessions,
      addressOf: (client) => this.#addresses.get(client) ?? '',
    });
  }

  #startTimers(journal: JournalWriter, authorizer: Authorizer): void {
    const expiry = setInterval(() => {
      this.#sessions.closeExpired();
      this.#events.flush();
      this.#refusals.flush();
    }, EXPIRY_INTERVAL_MS);
    const pruning = setInterval(() => {
      authorizer.forgetIdle();
      this.#budgets.forgetIdle();
      this.#authenticator.forgetIdle();
      void this.#prune(journal);
    }, this.#limits.pruneIntervalMs);
    this.#undo.push(async () => {
      clearInterval(expiry);
      clearInterval(pruning);
      await this.#refusals.close();
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
      onConnection: (arrival) => {
        const { stream, address } = arrival;
        const begin = (): void => this.#begin(aedes, authorizer, arrival);
        if (!this.#admission.arrive(stream, address, begin)) {
          this.#refusals.socket(address, 'connection-limit');
        }
      },
      onBadCertificate: (address, detail) => this.#refusals.socket(address, 'certificate', detail),
      onError: (error) => this.#events.warn('A connection could not be taken', failure(error)),
    });
    this.#listeners = listeners;
    this.#undo.push(() => listeners.close());
    return listeners;
  }

  #begin(aedes: GatedAedes, authorizer: Authorizer, arrival: Arrival): void {
    const { stream, address, certificate } = arrival;
    const client = aedes.handle(stream);
    this.#addresses.set(client, address);
    if (certificate !== undefined) this.#certificates.set(client, certificate);
    guardClient(client, {
      authorizer,
      budgets: this.#budgets,
      maxFiltersPerSubscribe: this.#limits.filtersPerSubscribe,
      routesClients: this.#options.open,
      onFault: (reason) => this.#refusals.packet(client, reason),
    });
  }
}
