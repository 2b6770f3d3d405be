import type { Client } from 'aedes';

/**
 * Members of Aedes 1.2.0 and mqtt-packet 9 that their types leave out. The version is pinned, and tests fail when one of
 * them changes: `packet-guard.test.ts`, `authenticator.test.ts` and `command-output.test.ts`.
 */
export interface ClientInternals {
  readonly _parser: ParserInternals;
  /** By filter, with the quality of service that was granted. */
  readonly subscriptions: Readonly<Record<string, { readonly qos: number }>>;
  /** Stops reading; only to be used before the client is connected, since batches in work are forgotten. */
  pause(): void;
}

export interface ParserInternals {
  readonly packet: { readonly cmd?: string; readonly length: number };
  _parseLength(): boolean;
  _emitError(error: Error): void;
  emit(event: string, ...args: unknown[]): boolean;
}

export function internalsOf(client: Client): ClientInternals {
  // Safe: checked against the source of the pinned version, and by the tests named above.
  return client as unknown as ClientInternals;
}
