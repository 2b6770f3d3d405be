import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Store } from '../../store/database.ts';
import { DEFAULT_BACK_OFF } from './back-off.ts';
import type { BackOff } from './back-off.ts';
import type { MqttSource } from './mqtt-source.ts';
import { SourceClient } from './source-client.ts';
import type { SourceMessage } from './source-connection.ts';
import { createSourceMetrics } from './source-metrics.ts';
import { ONLY_WORKER, sourceJournal } from './worker.ts';
import type { Worker } from './worker.ts';

export interface MqttSourcesOptions {
  readonly sources: readonly MqttSource[];
  readonly store: Store;
  /** Each source has a journal of its own in it. */
  readonly journalFolder: string;
  readonly registry: Registry;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  readonly backOff?: BackOff;
  /** ms since 1970. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random?: () => number;
  /** Whose journals these are, where several processes share the folder. */
  readonly worker?: Worker;
  /** Told at every connect of a source. */
  readonly onConnected?: (source: string) => void;
}

/** The clients of all other brokers. */
export interface MqttSources {
  start(): void;
  stop(): Promise<void>;
  /**
   * Publishes to a source's broker; resolves at the PUBACK. Rejects with a `SourceNotConnectedError` when nothing was sent, and
   * with another error when the connection ended before the PUBACK, so that it may have been.
   */
  readonly publish: (source: string, message: SourceMessage) => Promise<void>;
  /** Whether a source's broker has let us in and taken our subscriptions. */
  readonly isConnected: (source: string) => boolean;
}

/** Creates a client for each source; nothing runs before `start`. */
export function createMqttSources(options: MqttSourcesOptions): MqttSources {
  const { sources, store, journalFolder, registry, log, now } = options;
  const { backOff = DEFAULT_BACK_OFF, random = Math.random, onConnected } = options;
  const { worker = ONLY_WORKER } = options;
  const metrics = createSourceMetrics(registry);
  const shared = { store, journalFolder, log, metrics, backOff, now, random };
  const createClient = (source: MqttSource): SourceClient =>
    new SourceClient({
      ...{ ...shared, source },
      journalName: sourceJournal(source.name, worker),
      onConnected: () => onConnected?.(source.name),
    });
  const clients = new Map(sources.map((source) => [source.name, createClient(source)] as const));
  return {
    start() {
      for (const client of clients.values()) client.start();
    },
    async stop() {
      await Promise.all([...clients.values()].map((client) => client.stop()));
    },
    async publish(source, message) {
      const client = clients.get(source);
      if (client === undefined) throw new Error(`there is no source ${source}`);
      await client.publish(message);
    },
    isConnected: (source) => clients.get(source)?.isConnected === true,
  };
}
