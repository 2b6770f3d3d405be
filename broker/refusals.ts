import type { Client } from 'aedes';
import { errorText } from '../domain/error-text.ts';
import type { Store } from '../store/database.ts';
import { suspectClone } from '../store/principals.ts';
import type { CloneSuspicion } from '../store/principals.ts';
import type { RefusedConnect } from './authenticator.ts';
import type { BrokerMetrics, RefusalReason } from './broker-metrics.ts';
import type { EventLog } from './event-log.ts';
import { RefusalAudit } from '../store/refusal-audit.ts';
import type { RefusedEvent } from '../store/refusal-audit.ts';
import type { Sessions } from './sessions.ts';

/** Enough of a topic to recognise it in a log. */
const MOST_TEXT = 200;

export interface RefusalsOptions {
  readonly store: Store;
  readonly metrics: BrokerMetrics;
  readonly events: EventLog;
  readonly sessions: Sessions;
  readonly addressOf: (client: Client) => string;
  readonly now: () => number;
  readonly uptimeMs: () => number;
}

/** Where everything is told that the broker refuses or suspects: counted in its metrics, in its log, and written into the audit. */
export class Refusals {
  readonly #options: RefusalsOptions;
  readonly #audit: RefusalAudit;

  constructor(options: RefusalsOptions) {
    this.#options = options;
    const { store, now, uptimeMs, events } = options;
    this.#audit = new RefusalAudit({
      ...{ store, now, uptimeMs },
      onError: (error) => events.warn('The audit cannot be written', failure(error)),
    });
  }

  /** A connection that was never a client. */
  socket(address: string, reason: RefusalReason, detail = ''): void {
    this.#count(reason, 'A connection was refused', { address, detail });
    const event = { action: 'connect-refused', reason, actor: address } as const;
    this.#audit.note({ ...event, address, subject: detail });
  }

  connect(client: Client, { reason, principalId, username }: RefusedConnect, err?: unknown): void {
    const address = this.#options.addressOf(client);
    this.#count(reason, 'A connection was refused', { address, principal: principalId, err });
    const actor = principalId ?? address;
    this.#audit.note({
      ...{ action: 'connect-refused', reason, actor, address },
      ...(username !== undefined && { subject: username.slice(0, MOST_TEXT) }),
    });
  }

  message(client: Client | null, topic: string, reason: RefusalReason): void {
    const subject = topic.slice(0, MOST_TEXT);
    const text = 'A message was refused and its connection closed';
    this.#count(reason, text, { principal: this.#principalOf(client), topic: subject });
    this.#note(client, { action: 'publish-refused', reason, subject });
  }

  filter(client: Client, filter: string): void {
    const subject = filter.slice(0, MOST_TEXT);
    const fields = { principal: this.#principalOf(client), filter: subject };
    this.#count('filter', 'A subscription was refused', fields);
    this.#note(client, { action: 'subscribe-refused', reason: 'filter', subject });
  }

  /** Its client's error, which follows, is in the log. */
  packet(client: Client, reason: RefusalReason): void {
    this.#options.metrics.refused.inc({ reason });
    this.#note(client, { action: 'packet-refused', reason });
  }

  /** Two clients may share a credential: noted at the principal, for whoever looks after it. */
  async suspect(principal: string, suspicion: CloneSuspicion): Promise<void> {
    const { store, events, metrics } = this.#options;
    metrics.clonesSuspected.inc();
    const { addresses } = suspicion;
    events.warn('Two clients may use one credential', { principal, addresses, reason: 'clone' });
    try {
      await suspectClone(store, principal, suspicion);
    } catch (error) {
      events.warn('A suspicion could not be stored', failure(error));
    }
  }

  /** A connection that ended with an error is no refusal by us, but somebody may want to know. */
  clientError(client: Client, error: Error): void {
    this.#options.events.warn('A connection ended with an error', {
      address: this.#options.addressOf(client),
      principal: this.#principalOf(client),
      reason: error.message,
    });
  }

  /** To be called now and then. */
  flush(): void {
    this.#audit.flush();
  }

  close(): Promise<void> {
    return this.#audit.close();
  }

  #principalOf(client: Client | null): string | undefined {
    return this.#options.sessions.of(client)?.principal.id;
  }

  #count(reason: RefusalReason, text: string, fields: Readonly<Record<string, unknown>>): void {
    this.#options.metrics.refused.inc({ reason });
    this.#options.events.warn(text, { ...fields, reason });
  }

  #note(client: Client | null, event: Omit<RefusedEvent, 'actor' | 'address'>): void {
    const address = client === null ? undefined : this.#options.addressOf(client);
    this.#audit.note({ ...event, address, actor: this.#principalOf(client) ?? address ?? '' });
  }
}

/** An error for the log, with its text as the reason by which it is counted. */
export function failure(error: unknown): { readonly err: unknown; readonly reason: string } {
  return { err: error, reason: errorText(error) };
}
