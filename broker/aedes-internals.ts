import type { AedesPublishPacket, Client } from 'aedes';

/**
 * Members of Aedes 1.2.0 and mqtt-packet 9 that their types leave out. The version is pinned, and tests fail when one of
 * them changes: `packet-guard.test.ts`, `message-lane.test.ts`, `authenticator.test.ts` and `command-output.test.ts`.
 */
export interface ClientInternals {
  readonly _parser: ParserInternals;
  /** By filter, with the quality of service that was granted. */
  readonly subscriptions: Readonly<Record<string, { readonly qos: number }>>;
  readonly connackSent: boolean;
  readonly connected: boolean;
  readonly closed: boolean;
  /** Packets in work; at none of them more is read. */
  _parsingBatch: number;
  /** Takes one off the packets in work, and reads on when it was the last; with an error, the client is closed. */
  readonly _nextBatch: (error?: Error | null) => void;
  /** -1: the client asked for none. */
  readonly _keepaliveInterval: number;
  readonly _keepaliveTimer: NodeJS.Timeout | null;
  /** Calls back when the socket takes more, or the client is gone. */
  waitForDrain(callback: (error?: Error | null) => void): void;
  /** The packet identifier that the next message gets which has none. */
  _nextId: number;
  /** Sends a message to the client, whose subscriptions keep this function; the first without an acknowledgement. */
  deliver0: Deliver;
  deliverQoS: Deliver;
  /** Stops reading; only to be used before the client is connected, since batches in work are forgotten. */
  pause(): void;
}

export type Deliver = (packet: AedesPublishPacket, done: () => void) => void;

export interface ParserInternals {
  readonly packet: { readonly cmd?: string; readonly length: number };
  /** Bytes of a packet whose rest has not come. */
  readonly _list: { readonly length: number };
  /** 0 between two packets. */
  readonly _stateCounter: number;
  parse(bytes: Buffer): number;
  /** Once set, nothing more of what has come is read. */
  error: Error | null;
  /** How far the packet was read; when it is emitted, to where its contents say it ends. */
  readonly _pos: number;
  _parseLength(): boolean;
  _emitError(error: Error): void;
  emit(event: string, ...args: unknown[]): boolean;
}

export function internalsOf(client: Client): ClientInternals {
  // Safe: checked against the source of the pinned version, and by the tests named above.
  return client as unknown as ClientInternals;
}
