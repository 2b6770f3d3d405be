import type { Client } from 'aedes';
import type { StoredPrincipal } from '../store/principals.ts';
import { isStillAccepted } from './principal-cache.ts';
import type { Credential } from './principal-cache.ts';

/** One accepted connection. */
export interface Session {
  readonly client: Client;
  /** Client id with the principal in front. */
  readonly clientId: string;
  /** As the store has it now. */
  principal: StoredPrincipal;
  readonly credential: Credential;
  /** Filters granted so far. */
  readonly filters: Set<string>;
}

/** Who is connected as whom. */
export class Sessions {
  /** Outlives the connection: a will is judged after its end. */
  readonly #byClient = new WeakMap<Client, Session>();
  readonly #byPrincipal = new Map<string, Set<Session>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(session: Session): void {
    const { client, principal } = session;
    this.#byClient.set(client, session);
    const known = this.#byPrincipal.get(principal.id) ?? new Set();
    this.#byPrincipal.set(principal.id, known.add(session));
    client.conn.once('close', () => {
      known.delete(session);
      if (known.size === 0) this.#byPrincipal.delete(principal.id);
    });
  }

  of(client: Client | null): Session | undefined {
    return client === null ? undefined : this.#byClient.get(client);
  }

  /** The device that a client has turned out to be, or `undefined`. */
  deviceOf(client: Client): string | undefined {
    const principal = this.of(client)?.principal;
    return principal?.kind === 'device' ? principal.id : undefined;
  }

  /** Whether anybody is connected as this principal. */
  has(principalId: string): boolean {
    return this.#byPrincipal.has(principalId);
  }

  /** The connections of a principal, oldest first. */
  ofPrincipal(principalId: string): Session[] {
    return [...(this.#byPrincipal.get(principalId) ?? [])];
  }

  /** The connection with this client id, as long as it is open. */
  withClientId(principalId: string, clientId: string): Session | undefined {
    return this.ofPrincipal(principalId).find(
      (session) => session.clientId === clientId && !session.client.closed,
    );
  }

  /** How many connections a principal has, not counting one that a new connection with this client id takes over. */
  countOthers(principalId: string, clientId: string): number {
    const known = this.#byPrincipal.get(principalId) ?? new Set<Session>();
    return [...known].filter((session) => session.clientId !== clientId).length;
  }

  /** Takes over what a principal has become, `undefined` for gone, and closes what it may no longer keep open. */
  update(id: string, principal: StoredPrincipal | undefined): void {
    for (const session of this.#byPrincipal.get(id) ?? []) {
      session.principal = principal ?? { ...session.principal, revokedAtMs: this.#now() };
    }
    this.#closeUnaccepted(this.#byPrincipal.get(id) ?? []);
  }

  /** Closes the connections whose token's or certificate's time is over. */
  closeExpired(): void {
    for (const known of this.#byPrincipal.values()) this.#closeUnaccepted(known);
  }

  #closeUnaccepted(sessions: Iterable<Session>): void {
    const nowMs = this.#now();
    for (const { client, principal, credential } of [...sessions]) {
      if (!isStillAccepted(principal, credential, nowMs)) client.close();
    }
  }
}
