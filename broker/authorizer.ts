import type { AedesPublishPacket, Client, PublishPacket, Subscription } from 'aedes';
import type { JournalEntry } from '../journal/record.ts';
import { AckLane } from './ack-gate.ts';
import type { AckGate, Done } from './ack-gate.ts';
import type { BrokerMetrics, RefusalReason } from './broker-metrics.ts';
import type { BrokerLimits } from './broker-options.ts';
import type { EventLog } from './event-log.ts';
import type { Session, Sessions } from './sessions.ts';
import { TokenBucket } from './token-bucket.ts';
import { mayPublish, mayReceive, maySubscribe } from './topic-rules.ts';

/** A packet is a topic, an identifier and a payload; this is for the first two. */
const PACKET_OVERHEAD_BYTES = 1_024;

/** Enough of a topic to recognise it in a log. */
const TOPIC_IN_LOG = 200;

export interface AuthorizerOptions {
  readonly sessions: Sessions;
  readonly gate: AckGate;
  readonly limits: BrokerLimits;
  readonly metrics: BrokerMetrics;
  readonly events: EventLog;
  readonly open: boolean;
  readonly now: () => number;
}

/** What a connected client may do, and the way of its messages into the journal. */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #lanes = new WeakMap<Client, AckLane>();
  /** Per device rather than per connection, so that connecting anew earns nothing. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  readonly authorizePublish = (client: Client | null, packet: PublishPacket, done: Done): void => {
    const session = this.#options.sessions.of(client);
    const reason = this.#findRefusal(session, packet);
    if (reason !== undefined) {
      const topic = packet.topic.slice(0, TOPIC_IN_LOG);
      this.#options.metrics.refused.inc({ reason });
      this.#options.events.warn('A message was refused and its connection closed', {
        principal: session?.principal.id,
        topic,
        reason,
      });
      done(new Error(`The message was refused: ${reason}`));
      return;
    }
    if (!this.#options.open) packet.retain = false;
    this.#options.gate.submit(this.#laneOf(client, session), this.#toEntry(session, packet), done);
  };

  readonly authorizeSubscribe = (
    client: Client,
    subscription: Subscription,
    done: (error: Error | null, subscription?: Subscription | null) => void,
  ): void => {
    if (this.#grant(client, subscription.topic)) {
      done(null, subscription);
      return;
    }
    this.#options.metrics.refused.inc({ reason: 'filter' });
    this.#options.events.warn('A subscription was refused', {
      principal: this.#options.sessions.of(client)?.principal.id,
      filter: subscription.topic.slice(0, TOPIC_IN_LOG),
    });
    done(null, null);
  };

  readonly authorizeForward = (
    client: Client,
    packet: AedesPublishPacket,
  ): AedesPublishPacket | null => {
    if (this.#options.open) return packet;
    const session = this.#options.sessions.of(client);
    if (session === undefined || session.principal.revokedAtMs !== null) return null;
    return mayReceive(session.principal, packet.topic) ? packet : null;
  };

  /** Whether a filter was granted to this connection. */
  isGranted(client: Client, filter: string): boolean {
    if (this.#options.open) return !isShared(filter);
    return this.#options.sessions.of(client)?.filters.has(filter) ?? false;
  }

  noteUnsubscribed(client: Client, filters: readonly string[]): void {
    const session = this.#options.sessions.of(client);
    for (const filter of filters) session?.filters.delete(filter);
  }

  /** The largest packet the client may send now, in bytes. */
  maxPacketBytes(client: Client): number {
    const { limits, open } = this.#options;
    if (open) return limits.openPayloadBytes + PACKET_OVERHEAD_BYTES;
    const session = this.#options.sessions.of(client);
    if (session === undefined) return limits.unauthenticatedPacketBytes;
    return this.#maxPayloadBytes(session) + PACKET_OVERHEAD_BYTES;
  }

  /** Forgets the devices that owe nothing. */
  forgetIdle(): void {
    const nowMs = this.#options.now();
    for (const [id, bucket] of this.#buckets) if (bucket.isFull(nowMs)) this.#buckets.delete(id);
  }

  #maxPayloadBytes(session: Session): number {
    const { limits } = this.#options;
    return session.principal.kind === 'gateway'
      ? limits.gatewayPayloadBytes
      : limits.devicePayloadBytes;
  }

  #findRefusal(session: Session | undefined, packet: PublishPacket): RefusalReason | undefined {
    const { open, limits } = this.#options;
    if (open) {
      if (packet.topic.startsWith('$')) return 'topic';
      return packet.payload.length > limits.openPayloadBytes ? 'too-large' : undefined;
    }
    if (session === undefined || session.principal.revokedAtMs !== null) return 'credentials';
    if (!mayPublish(session.principal, packet.topic)) return 'topic';
    return packet.payload.length > this.#maxPayloadBytes(session) ? 'too-large' : undefined;
  }

  #grant(client: Client, filter: string): boolean {
    if (this.#options.open) return !isShared(filter);
    const session = this.#options.sessions.of(client);
    if (session === undefined || !maySubscribe(session.principal, filter)) return false;
    const { filters } = session;
    if (!filters.has(filter) && filters.size >= this.#options.limits.filtersPerClient) return false;
    filters.add(filter);
    return true;
  }

  #laneOf(client: Client | null, session: Session | undefined): AckLane {
    // A will comes after the end of its connection, whose lane is closed.
    if (client === null || client.closed) return new AckLane(undefined);
    const known = this.#lanes.get(client);
    if (known !== undefined) return known;
    const lane = new AckLane(this.#bucketOf(session));
    this.#lanes.set(client, lane);
    client.conn.once('close', () => this.#options.gate.closeLane(lane));
    return lane;
  }

  #bucketOf(session: Session | undefined): TokenBucket | undefined {
    if (session?.principal.kind !== 'device' || session.principal.backfill) return undefined;
    const { limits, now } = this.#options;
    const { id } = session.principal;
    const bucket =
      this.#buckets.get(id) ??
      new TokenBucket(limits.deviceMessagesPerSecond, limits.deviceBurst, now());
    this.#buckets.set(id, bucket);
    return bucket;
  }

  #toEntry(session: Session | undefined, packet: PublishPacket): JournalEntry {
    const { payload } = packet;
    return {
      receivedAtMs: this.#options.now(),
      principal: session?.principal.id ?? null,
      topic: packet.topic,
      payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
      qos: packet.qos,
      messageId: packet.qos === 0 ? null : (packet.messageId ?? null),
      dup: packet.dup,
      backfill: session?.principal.backfill ?? false,
    };
  }
}

/** Aedes grants shared subscriptions and then delivers nothing: refusing them is honest. */
function isShared(filter: string): boolean {
  return filter.startsWith('$share/');
}
