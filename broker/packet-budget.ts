import type { Client } from 'aedes';
import type { Packet } from 'mqtt-packet';
import { TokenBucket } from '../domain/token-bucket.ts';
import { InFlight } from './in-flight.ts';
import type { PacketFault } from './packet-guard.ts';

export interface PacketBudgetLimits {
  /** Packets of one connection that are neither messages nor answers to ours: a burst, and how many come back a second. */
  readonly controlBurst: number;
  readonly controlPacketsPerSecond: number;
}

/**
 * What a connection may send besides messages, which the gate counts. A ping or a subscription costs its sender nothing and
 * the broker some work: without a bound, one connection could keep it from all others.
 */
export class PacketBudget {
  /** What the client was sent and has to answer. */
  readonly sent = new InFlight();
  readonly #bucket: TokenBucket;
  readonly #now: () => number;
  /** Messages of QoS 2 whose release is to come. */
  #releases = 0;

  constructor(limits: PacketBudgetLimits, now: () => number) {
    this.#bucket = new TokenBucket(limits.controlPacketsPerSecond, limits.controlBurst, now());
    this.#now = now;
  }

  /** Why the client may not send this packet now, or `undefined`. */
  judge(packet: Packet): PacketFault | undefined {
    switch (packet.cmd) {
      case 'publish':
        if (packet.qos === 2) this.#releases += 1;
        return undefined;
      case 'puback':
      case 'pubrec':
      case 'pubcomp': {
        const answer = this.sent.note(packet.cmd, packet.messageId ?? 0);
        if (answer === 'right') return undefined;
        return answer === 'wrong' ? 'protocol' : this.#spend();
      }
      case 'pubrel':
        if (this.#releases === 0) return this.#spend();
        this.#releases -= 1;
        return undefined;
      default:
        return this.#spend();
    }
  }

  #spend(): PacketFault | undefined {
    return this.#bucket.tryTake(this.#now()) ? undefined : 'too-many-packets';
  }
}

/** The budget of each connection. */
export class PacketBudgets {
  readonly #limits: PacketBudgetLimits;
  readonly #now: () => number;
  readonly #byClient = new WeakMap<Client, PacketBudget>();

  constructor(limits: PacketBudgetLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  of(client: Client): PacketBudget {
    const known = this.#byClient.get(client) ?? new PacketBudget(this.#limits, this.#now);
    this.#byClient.set(client, known);
    return known;
  }
}
