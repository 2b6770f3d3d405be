import type { Client } from 'aedes';
import type { Packet } from 'mqtt-packet';
import { TokenBucket } from '../domain/token-bucket.ts';

export interface PacketBudgetLimits {
  /** Packets of one connection that are neither messages nor answers to ours: a burst, and how many come back a second. */
  readonly controlBurst: number;
  readonly controlPacketsPerSecond: number;
}

/**
 * What a connection may send besides messages, which the gate counts. A ping or a subscription costs its sender nothing and
 * the broker some work: without a bound, one connection could keep it from all others.
 */
class PacketBudget {
  readonly #bucket: TokenBucket;
  readonly #now: () => number;
  /** Acknowledgements the client owes us. */
  #answers = 0;
  /** Messages of QoS 2 whose release is to come. */
  #releases = 0;

  constructor(limits: PacketBudgetLimits, now: () => number) {
    this.#bucket = new TokenBucket(limits.controlPacketsPerSecond, limits.controlBurst, now());
    this.#now = now;
  }

  /** The client was sent a message it must acknowledge. */
  noteDelivery(): void {
    this.#answers += 1;
  }

  /** Whether the client may send this packet now. */
  allows({ cmd, ...packet }: Packet): boolean {
    if (cmd === 'publish') {
      if ('qos' in packet && packet.qos === 2) this.#releases += 1;
      return true;
    }
    if (cmd === 'puback' && this.#answers > 0) {
      this.#answers -= 1;
      return true;
    }
    if (cmd === 'pubrel' && this.#releases > 0) {
      this.#releases -= 1;
      return true;
    }
    return this.#bucket.tryTake(this.#now());
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
