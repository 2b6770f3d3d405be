import { createHistogram } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type BrokerAddress, Connection } from './connection.ts';
import { encodeUplink } from './encode/encode-uplink.ts';
import { type Uplink, frameKey } from './encode/uplink.ts';
import { ALL_UPLINK_PREFIXES, type PrincipalRegistration } from './register.ts';
import { measure } from './sensor-model.ts';
import { type Town, createTown } from './town.ts';

export interface LoadOptions {
  readonly broker: BrokerAddress;
  /** Bins that report in turn. They are those of `createTown({ seed, binCount: bins })`, and so are their devices. */
  readonly bins: number;
  /** Messages per second over all connections. */
  readonly rate: number;
  readonly connections: number;
  readonly durationSeconds: number;
  /** Tokens by principal id, as `loadPrincipals` names them. */
  readonly credentials: ReadonlyMap<string, string>;
  readonly seed: number;
  readonly now: () => number;
  readonly log: Logger;
}

export interface LoadReport {
  /** Handed to a connection. */
  readonly published: number;
  readonly acknowledged: number;
  /** Refused, or not acknowledged within ten seconds after the end. */
  readonly failed: number;
  /** Not sent, because every connection had as much under way as it may. */
  readonly heldBack: number;
  /** From publish to PUBACK, ms; `null` when nothing was acknowledged. */
  readonly ackP50Ms: number | null;
  readonly ackP99Ms: number | null;
  readonly seconds: number;
}

export interface Load {
  /** Publishes for the time given, waits for what is under way, and says how it went. */
  run(): Promise<LoadReport>;
  /** Ends a run early; its report comes as usual. */
  stop(): void;
}

/** Per connection; a broker that answers no faster is not helped by more. */
const MAX_IN_FLIGHT = 1000;
const TICK_MS = 10;
const POLL_MS = 20;
const CONNECT_DEADLINE_MS = 10_000;
const DRAIN_DEADLINE_MS = 10_000;

/** The gateways of a load run. They have the backfill right, so that no rate limit but the broker's own speed counts. */
export function loadPrincipals(connections: number): PrincipalRegistration[] {
  return Array.from({ length: connections }, (_, index) => ({
    id: loadPrincipalId(index),
    kind: 'gateway',
    prefixes: ALL_UPLINK_PREFIXES,
    backfill: true,
  }));
}

function loadPrincipalId(index: number): string {
  return `load-${index + 1}`;
}

class LoadRun implements Load {
  readonly #options: LoadOptions;
  readonly #town: Town;
  /** Tells the messages of this run from those of an earlier one: seconds since 1970. */
  readonly #session: number;
  readonly #latencyMicros = createHistogram();
  #connections: Connection[] = [];
  #stopped = false;
  #wanted = 0;
  #published = 0;
  #acknowledged = 0;
  #failed = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#town = createTown({ seed: options.seed, binCount: options.bins });
    this.#session = Math.floor(options.now() / 1000);
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<LoadReport> {
    await this.#connect();
    const startedMs = performance.now();
    await this.#publishAll(startedMs);
    const seconds = (performance.now() - startedMs) / 1000;
    await this.#waitUntil(DRAIN_DEADLINE_MS, () => this.#inFlight() === 0);
    const report = this.#report(seconds);
    await Promise.all(this.#connections.map((connection) => connection.close()));
    return report;
  }

  async #connect(): Promise<void> {
    const { broker, connections, credentials, log } = this.#options;
    this.#connections = Array.from({ length: connections }, (_, index) => {
      const principalId = loadPrincipalId(index);
      const token = credentials.get(principalId);
      if (token === undefined)
        throw new Error(`There is no token for the principal ${principalId}`);
      return new Connection({ broker, principalId, token, log });
    });
    for (const connection of this.#connections) connection.open();
    const areConnected = (): boolean => this.#connections.every(({ connected }) => connected);
    await this.#waitUntil(CONNECT_DEADLINE_MS, areConnected);
    if (areConnected()) return;
    await Promise.all(this.#connections.map((connection) => connection.close()));
    throw new Error(`Cannot connect to the broker at ${broker.host}:${broker.port}`);
  }

  async #publishAll(startedMs: number): Promise<void> {
    const { rate, durationSeconds } = this.#options;
    while (!this.#stopped) {
      const elapsedMs = performance.now() - startedMs;
      if (elapsedMs >= durationSeconds * 1000) return;
      const due = Math.floor((elapsedMs / 1000) * rate);
      while (this.#wanted < due) this.#publishNext();
      await wait(TICK_MS);
    }
  }

  #publishNext(): void {
    const index = this.#wanted++;
    const connection = this.#connections[index % this.#connections.length];
    if (connection === undefined || connection.inFlight >= MAX_IN_FLIGHT) return;
    const uplink = this.#uplink(index);
    const sentMs = performance.now();
    this.#published += 1;
    connection.publish(uplink, (acknowledged) => {
      if (!acknowledged) {
        this.#failed += 1;
        return;
      }
      this.#acknowledged += 1;
      // A histogram holds whole numbers from 1 up.
      this.#latencyMicros.record(Math.max(1, Math.round((performance.now() - sentMs) * 1000)));
    });
  }

  #uplink(index: number): Uplink {
    const { bins } = this.#town;
    const bin = bins[index % bins.length];
    if (bin === undefined) throw new Error(`The town has no bin ${index % bins.length}`);
    const session = this.#session;
    const counter = Math.floor(index / bins.length);
    const nowMs = this.#options.now();
    const key = frameKey(session, counter);
    const reading = measure(bin, { townMs: nowMs, observedAtMs: nowMs, key });
    return encodeUplink(bin.sensor, reading, { session, counter, copy: 0, heardAtMs: nowMs });
  }

  #report(seconds: number): LoadReport {
    const percentileMs = (percent: number): number | null =>
      this.#acknowledged === 0 ? null : this.#latencyMicros.percentile(percent) / 1000;
    return {
      published: this.#published,
      acknowledged: this.#acknowledged,
      failed: this.#failed + this.#inFlight(),
      heldBack: this.#wanted - this.#published,
      ackP50Ms: percentileMs(50),
      ackP99Ms: percentileMs(99),
      seconds,
    };
  }

  #inFlight(): number {
    return this.#connections.reduce((sum, connection) => sum + connection.inFlight, 0);
  }

  async #waitUntil(longestMs: number, isMet: () => boolean): Promise<void> {
    const startedMs = performance.now();
    while (!isMet() && performance.now() - startedMs < longestMs) await wait(POLL_MS);
  }
}

/** Prepares a load run: many bins' messages over few connections, at QoS 1 and a given rate. */
export function createLoad(options: LoadOptions): Load {
  return new LoadRun(options);
}
