import type { Logger } from 'pino';
import type { Store } from '../store/database.ts';

/** What a client may use of the broker. Sizes in bytes, times in milliseconds. */
export interface BrokerLimits {
  /** All sockets together, waiting ones included. */
  readonly maxConnections: number;
  /** Sockets of one address that are being admitted at once; more wait for their turn. */
  readonly unauthenticatedPerAddress: number;
  /** From a socket's turn to a good CONNECT. */
  readonly connectTimeoutMs: number;
  /** Failed connects per address and minute after which further failures are answered late. */
  readonly failuresPerMinute: number;
  /** First packets of an address that are no CONNECT or too long, per minute; what follows of them is answered late, too. */
  readonly badFirstPacketsPerMinute: number;
  /** How late. */
  readonly failureDelayMs: number;
  /** A packet before the CONNECT was accepted. */
  readonly unauthenticatedPacketBytes: number;
  readonly devicePayloadBytes: number;
  readonly gatewayPayloadBytes: number;
  /** Payload where authentication is switched off. */
  readonly openPayloadBytes: number;
  readonly connectionsPerDevice: number;
  /** Connections of one gateway or reader. */
  readonly connectionsPerService: number;
  /** Client ids of one principal whose subscriptions are kept beyond the connection; those of more are not. */
  readonly sessionsPerPrincipal: number;
  readonly filtersPerSubscribe: number;
  readonly filtersPerClient: number;
  /** A client that takes nothing of what it is sent for this long is disconnected. */
  readonly drainTimeoutMs: number;
  /** Messages kept for a session that is away or does not acknowledge. */
  readonly queuedPerSession: number;
  /** Sustained messages per second of a device; beyond `deviceBurst` they are acknowledged later. */
  readonly deviceMessagesPerSecond: number;
  readonly deviceBurst: number;
  /** Packets of one connection that are neither messages nor answers: a burst, and how many come back per second. */
  readonly controlBurst: number;
  readonly controlPacketsPerSecond: number;
  /** Connects of one principal, likewise; beyond them they are refused, late. */
  readonly connectBurst: number;
  readonly connectsPerSecond: number;
  /** How long a connection keeps its place when another takes it over, once two are suspected behind one credential. */
  readonly takeoverDelayMs: number;
  /** Messages of one connection that wait for their acknowledgement, and their bytes. */
  readonly unacknowledgedPerConnection: number;
  readonly unacknowledgedBytesPerConnection: number;
  /** Messages of all connections that wait for room in the journal. */
  readonly waitingForJournal: number;
  /** Bytes of all messages that wait, for room in the journal or for the rate of their device. */
  readonly waitingBytes: number;
  /** Time from a failed commit to closing the connection, so that senders do not come back at once. */
  readonly journalFailureDelayMs: number;
  /**
   * Longest keep alive that counts, in seconds: who asks for a longer one or for none is held to this one, and so
   * disconnected after one and a half times as long without a packet.
   */
  readonly keepAliveSeconds: number;
  /** Pause between two steps of deleting what ingest has stored. */
  readonly pruneIntervalMs: number;
  /** Records kept behind ingest, for tracing. */
  readonly recordsKept: number;
}

export const DEFAULT_LIMITS: BrokerLimits = {
  maxConnections: 20_000,
  unauthenticatedPerAddress: 20,
  connectTimeoutMs: 5_000,
  failuresPerMinute: 20,
  badFirstPacketsPerMinute: 300,
  failureDelayMs: 1_000,
  unauthenticatedPacketBytes: 8 * 1024,
  devicePayloadBytes: 16 * 1024,
  gatewayPayloadBytes: 128 * 1024,
  openPayloadBytes: 1024 * 1024,
  connectionsPerDevice: 5,
  connectionsPerService: 50,
  sessionsPerPrincipal: 50,
  // As AWS IoT Core has it.
  filtersPerSubscribe: 8,
  filtersPerClient: 16,
  drainTimeoutMs: 10_000,
  queuedPerSession: 1_000,
  deviceMessagesPerSecond: 20,
  deviceBurst: 1_000,
  controlBurst: 200,
  controlPacketsPerSecond: 20,
  connectBurst: 200,
  connectsPerSecond: 2,
  takeoverDelayMs: 2_000,
  unacknowledgedPerConnection: 5_000,
  unacknowledgedBytesPerConnection: 4 * 1024 * 1024,
  waitingForJournal: 50_000,
  waitingBytes: 64 * 1024 * 1024,
  journalFailureDelayMs: 1_000,
  // A sensor that reports once an hour keeps its connection; one that has died does not for ever.
  keepAliveSeconds: 3_600,
  pruneIntervalMs: 60_000,
  recordsKept: 1_000,
};

/** Conformance suites do what no sensor does. */
export const OPEN_LIMITS = {
  filtersPerSubscribe: Number.POSITIVE_INFINITY,
  badFirstPacketsPerMinute: Number.POSITIVE_INFINITY,
  controlBurst: Number.POSITIVE_INFINITY,
  sessionsPerPrincipal: Number.POSITIVE_INFINITY,
  keepAliveSeconds: Number.POSITIVE_INFINITY,
} as const satisfies Partial<BrokerLimits>;

export type BrokerLog = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** PEM, all of it. */
export interface TlsOptions {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  /** The authority that signs the certificates of clients; left out, they are not asked for one. */
  readonly clientCa?: string | Buffer | undefined;
  /** `optional`: a client without a certificate may bring a token. */
  readonly clientCertificates?: 'optional' | 'required' | undefined;
}

/** A certificate that a client has shown, and that our authority has signed. */
export interface ClientCertificate {
  /** Its common name, when that can be an id. */
  readonly name: string | undefined;
  readonly untilMs: number;
  /** Whether it was made for this id: by its common name or an alternative name. */
  names(id: string): boolean;
}

export interface BrokerOptions {
  readonly store: Store;
  /** Folder of the journals: `<dataDir>/journals`. */
  readonly journalFolder: string;
  /** Name of this broker's journal; `mqtt` when left out. */
  readonly door?: string;
  /** Address to listen on. */
  readonly host: string;
  /** Another one for the ports without TLS; left out, the same. */
  readonly plainHost?: string | undefined;
  /** 0 takes any free port, here and below. */
  readonly mqttPort: number;
  /** MQTT over WebSocket; `null`: none. */
  readonly wsPort: number | null;
  readonly tls?: TlsOptions & { readonly port: number };
  /** No authentication and free routing, for conformance suites. Loopback only. */
  readonly open: boolean;
  readonly now: () => number;
  readonly log: BrokerLog;
  readonly limits?: Partial<BrokerLimits>;
}

export interface BrokerPorts {
  readonly mqttPort: number;
  readonly wsPort: number | null;
  readonly tlsPort?: number;
}

export const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** Throws when authentication would be off where others can connect. */
export function assertSafeOptions(options: BrokerOptions): void {
  if (options.open && !LOOPBACK_HOSTS.has(options.host)) {
    throw new Error(
      `An open broker must listen on loopback (127.0.0.1, ::1, localhost), not ${options.host}`,
    );
  }
}
