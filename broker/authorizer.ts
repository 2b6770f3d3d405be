import type { AedesPublishPacket, Client, PublishPacket, Subscription } from 'aedes';
import type { JournalEntry } from '../journal/record.ts';
import { AckLane } from './ack-gate.ts';
import type { AckGate, Done } from './ack-gate.ts';
import type { RefusalReason } from './broker-metrics.ts';
import type { BrokerLimits } from './broker-options.ts';
import { prepareSend } from './delivery.ts';
import type { PacketBudgets } from './packet-budget.ts';
import type { Refusals } from './refusals.ts';
import type { Session, Sessions } from './sessions.ts';
import { TokenBuckets } from '../domain/token-bucket.ts';
import type { TokenBucket } from '../domain/token-bucket.ts';
import { AllowedTopics } from './allowed-topics.ts';
import { mayReceive, maySubscribe } from './topic-rules.ts';

/** A packet is a topic, an identifier and a payload; this is for the first two. */
const PACKET_OVERHEAD_BYTES = 1_024;

export interface AuthorizerOptions {
  readonly sessions: Sessions;
  readonly gate: AckGate;
  readonly budgets: PacketBudgets;
  readonly limits: BrokerLimits;
  readonly refusals: Refusals;
  readonly open: boolean;
  /** The time of day, for the journal. */
  readonly now: () => number;
  /** Milliseconds that only grow, for rates: the time of day may be set. */
  readonly uptimeMs: () => number;
}

/** What a connected client may do, and the way of its messages into the journal. */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #lanes = new WeakMap<Client, AckLane>();
  readonly #allowed = new AllowedTopics();
  /** Per device rather than per connection, so that connecting anew earns nothing. */
  readonly #buckets: TokenBuckets;

  constructor(options: AuthorizerOptions) {
    this.#options = options;
    const { deviceMessagesPerSecond, deviceBurst } = options.limits;
    this.#buckets = new TokenBuckets(deviceMessagesPerSecond, deviceBurst);
  }

  readonly authorizePublish = (client: Client | null, packet: PublishPacket, done: Done): void => {
    const session = this.#options.sessions.of(client);
    const reason = this.#findRefusal(session, packet);
    const lane = reason === undefined ? this.#findLane(client, session) : undefined;
    if (lane === undefined) {
      this.#options.refusals.message(client, packet.topic, reason ?? 'throttled');
      done(new Error(`The message was refused: ${reason ?? 'throttled'}`));
      return;
    }
    if (!this.#options.open) packet.retain = false;
    this.#options.gate.submit(lane, this.#toEntry(session, packet), done);
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
    this.#options.refusals.filter(client, subscription.topic);
    done(null, null);
  };

  readonly authorizeForward = (
    client: Client,
    packet: AedesPublishPacket,
  ): AedesPublishPacket | null => {
    if (!this.#options.open && !this.#mayForward(client, packet.topic)) return null;
    return this.#prepare(client, packet);
  };

  /** Whether a filter was granted to this connection. */
  isGranted(client: Client, filter: string): boolean {
    if (this.#options.open) return isOpenFilter(filter);
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
    if (session === undefined) {
      // Behind a CONNECT that is being judged nothing more is read, so what follows it is at hand already.
      return client.connecting
        ? limits.gatewayPayloadBytes + PACKET_OVERHEAD_BYTES
        : limits.unauthenticatedPacketBytes;
    }
    return this.#maxPayloadBytes(session) + PACKET_OVERHEAD_BYTES;
  }

  /** Forgets the devices that owe nothing. */
  forgetIdle(): void {
    this.#buckets.forgetFull(this.#options.uptimeMs());
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
      if (packet.topic.startsWith('$SYS/')) return 'topic';
      return packet.payload.length > limits.openPayloadBytes ? 'too-large' : undefined;
    }
    if (session === undefined || session.principal.revokedAtMs !== null) return 'credentials';
    if (!this.#allowed.has(session.principal, packet.topic)) return 'topic';
    return packet.payload.length > this.#maxPayloadBytes(session) ? 'too-large' : undefined;
  }

  #mayForward(client: Client, topic: string): boolean {
    const session = this.#options.sessions.of(client);
    if (session === undefined || session.principal.revokedAtMs !== null) return false;
    return mayReceive(session.principal, topic);
  }

  #prepare(client: Client, packet: AedesPublishPacket): AedesPublishPacket | null {
    const prepared = prepareSend(client, packet, this.#options.budgets.of(client).sent);
    if (prepared === null) {
      this.#options.refusals.packet(client, 'too-many-unacknowledged');
      client.conn.destroy(new Error('All packet identifiers wait for an answer'));
    }
    return prepared;
  }

  #grant(client: Client, filter: string): boolean {
    if (this.#options.open) return isOpenFilter(filter);
    const session = this.#options.sessions.of(client);
    if (session === undefined || !maySubscribe(session.principal, filter)) return false;
    const { filters } = session;
    if (!filters.has(filter) && filters.size >= this.#options.limits.filtersPerClient) return false;
    filters.add(filter);
    return true;
  }

  /** The connection's place in the gate, at its device's present rate; `undefined` for a will beyond that rate. */
  #findLane(client: Client | null, session: Session | undefined): AckLane | undefined {
    const bucket = this.#bucketOf(session);
    // A will comes after the end of its connection: nobody waits for it, so it need not be kept waiting.
    if (client === null || client.closed) {
      const isInTime = bucket?.tryTake(this.#options.uptimeMs()) ?? true;
      return isInTime ? new AckLane() : undefined;
    }
    const lane = this.#lanes.get(client) ?? this.#openLane(client);
    lane.bucket = bucket;
    return lane;
  }

  #openLane(client: Client): AckLane {
    const lane = new AckLane();
    this.#lanes.set(client, lane);
    client.conn.once('close', () => this.#options.gate.closeLane(lane));
    return lane;
  }

  #bucketOf(session: Session | undefined): TokenBucket | undefined {
    if (session?.principal.kind !== 'device' || session.principal.backfill) return undefined;
    return this.#buckets.of(session.principal.id, this.#options.uptimeMs());
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

/**
 * What an open broker grants. Aedes would grant shared subscriptions and then deliver nothing: refusing them is honest. Its
 * own topics tell of other clients. And suites that test a refusal need a filter that is refused: Paho's is `test/nosubscribe`.
 */
function isOpenFilter(filter: string): boolean {
  const isAedes = filter.startsWith('$share/') || filter === '$SYS' || filter.startsWith('$SYS/');
  return !isAedes && filter.split('/').at(-1) !== 'nosubscribe';
}
