import type { Client } from 'aedes';
import type { Packet } from 'mqtt-packet';
import { TokenBucket, TokenBuckets } from '../domain/token-bucket.ts';
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
  readonly #tryTake: () => boolean;
  /** Messages of QoS 2 whose release is to come. */
  #releases = 0;

  /** `tryTake` takes one packet off what is left, if there is any. */
  constructor(tryTake: () => boolean) {
    this.#tryTake = tryTake;
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
    return this.#tryTake() ? undefined : 'too-many-packets';
  }
}

export interface PacketBudgetsOptions {
  readonly limits: PacketBudgetLimits;
  /** Milliseconds that only grow. */
  readonly uptimeMs: () => number;
  /** Whose packets are counted together, however often it connects; `undefined`: each connection's by themselves. */
  readonly ownerOf: (client: Client) => string | undefined;
}

/** The budget of each connection. */
export class PacketBudgets {
  readonly #options: PacketBudgetsOptions;
  readonly #byClient = new WeakMap<Client, PacketBudget>();
  readonly #byOwner: TokenBuckets;

  constructor(options: PacketBudgetsOptions) {
    this.#options = options;
    const { controlPacketsPerSecond, controlBurst } = options.limits;
    this.#byOwner = new TokenBuckets(controlPacketsPerSecond, controlBurst);
  }

  of(client: Client): PacketBudget {
    const known = this.#byClient.get(client) ?? this.#open(client);
    this.#byClient.set(client, known);
    return known;
  }

  /** Forgets the owners that have all of their budget. */
  forgetIdle(): void {
    this.#byOwner.forgetFull(this.#options.uptimeMs());
  }

  #open(client: Client): PacketBudget {
    const { limits, uptimeMs, ownerOf } = this.#options;
    const { controlPacketsPerSecond, controlBurst } = limits;
    const own = new TokenBucket(controlPacketsPerSecond, controlBurst, uptimeMs());
    return new PacketBudget(() => {
      // It is nobody's before its CONNECT was accepted.
      const owner = ownerOf(client);
      const bucket = owner === undefined ? own : this.#byOwner.of(owner, uptimeMs());
      return bucket.tryTake(uptimeMs());
    });
  }
}
