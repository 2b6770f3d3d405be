import type { Source } from './source.ts';

/** A filter to subscribe to, and the quality of service to ask for: 2 is never asked for, since its hand-over is not durable. */
export interface SourceSubscription {
  readonly filter: string;
  readonly qos: 0 | 1;
}

/** How to reach another broker as a client. Files are read at every connect, so that a renewed secret needs no restart. */
export interface MqttConnectionOptions {
  /** `mqtt:`, `mqtts:`, `ws:` or `wss:`, without credentials. */
  readonly url: string;
  readonly topics: readonly SourceSubscription[];
  /** Absent: one that stays the same for this installation, see `sourceClientId`. */
  readonly clientId?: string;
  /** The group in which the broker shares the messages out among all that subscribe in its name (`$share/{group}/...`). */
  readonly share?: string;
  readonly username?: string;
  /** Absolute paths, these and those below. */
  readonly usernameFile?: string;
  readonly passwordFile?: string;
  /** Whom to trust, PEM. Absent: the authorities that Node trusts. */
  readonly caFile?: string;
  /** Our certificate and its key, where the broker asks for one. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** Its messages may have any past time. */
  readonly backfill: boolean;
  /** Whether retained messages are read: what was so at some time, told anew at every connect. */
  readonly retained: boolean;
  /** Whether the levels `state/{binId}` are published there, retained. */
  readonly states: boolean;
}

/** A source as the sources file describes it. Without `mqtt` its messages come by webhook, or to our own broker. */
export interface ConfiguredSource extends Source {
  readonly mqtt?: MqttConnectionOptions;
}

/** A source that we fetch from another broker. */
export interface MqttSource extends Source {
  readonly mqtt: MqttConnectionOptions;
}

/** Those of the sources that we fetch from other brokers. */
export function mqttSources(sources: readonly ConfiguredSource[]): readonly MqttSource[] {
  return sources.flatMap(({ mqtt, ...source }) =>
    mqtt === undefined ? [] : [{ ...source, mqtt }],
  );
}

/** The journal of a source, and the door that its messages come through. */
export function sourceDoor(name: string): string {
  return `source-${name}`;
}

/**
 * The client id of a source that names none: it stays the same for as long as its journal exists, and differs from that of any
 * other installation, since two clients with one id throw each other out.
 */
export function sourceClientId(name: string, journalId: string): string {
  return `tunna-${name}-${journalId.slice(0, 8)}`;
}

/** A URL for logs: what follows `?` may be a secret. */
export function displayUrl(url: string): string {
  return url.replace(/\?.*$/, '');
}
