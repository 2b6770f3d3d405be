import type { Duplex } from 'node:stream';
import type { BrokerLimits } from './broker-options.ts';

/** A socket that has waited this long for its turn is given up. */
const MAX_WAIT_MS = 30_000;

interface Arrival {
  readonly stream: Duplex;
  readonly begin: () => void;
  timer: NodeJS.Timeout | undefined;
}

interface Address {
  /** Sockets whose turn it is and that have not authenticated yet. */
  readonly admitting: Set<Duplex>;
  /** Sockets not read from yet, first come first served. */
  readonly waiting: Set<Arrival>;
}

/**
 * Bounds what strangers can hold: all sockets together, and per address those that have not authenticated. More of an address
 * wait unread instead of being refused, so that a town behind one address comes back in order after an outage. When all
 * places are taken, it is the address with the most strangers that gives one up.
 */
export class Admission {
  readonly #limits: BrokerLimits;
  readonly #addresses = new Map<string, Address>();
  readonly #streams = new Map<Duplex, string>();

  constructor(limits: BrokerLimits) {
    this.#limits = limits;
  }

  /** Takes a new socket and calls `begin` when its turn has come. Returns false, the socket destroyed, when there are too many. */
  arrive(stream: Duplex, address: string, begin: () => void): boolean {
    // A reset before Aedes listens must not end the process.
    stream.on('error', () => {});
    if (this.#streams.size >= this.#limits.maxConnections && !this.#makeRoomFor(address)) {
      stream.destroy();
      return false;
    }
    this.#streams.set(stream, address);
    const known = this.#addresses.get(address) ?? { admitting: new Set(), waiting: new Set() };
    this.#addresses.set(address, known);
    const timer = setTimeout(() => stream.destroy(), MAX_WAIT_MS);
    const arrival: Arrival = { stream, begin, timer };
    known.waiting.add(arrival);
    stream.once('close', () => {
      clearTimeout(timer);
      known.waiting.delete(arrival);
      this.#streams.delete(stream);
      this.#leave(address, stream);
    });
    this.#admitNext(known);
    return true;
  }

  /** The socket's client has authenticated: the next one's turn. */
  accept(stream: Duplex): void {
    const address = this.#streams.get(stream);
    if (address !== undefined) this.#leave(address, stream);
  }

  destroyAll(): void {
    for (const stream of this.#streams.keys()) stream.destroy();
  }

  /** Takes its newest place from an address that has more strangers than this one would have. */
  #makeRoomFor(address: string): boolean {
    let most = (this.#addresses.get(address)?.waiting.size ?? 0) + 1;
    let crowd: Address | undefined;
    for (const [other, known] of this.#addresses) {
      if (other === address || known.waiting.size <= most) continue;
      most = known.waiting.size;
      crowd = known;
    }
    const last = [...(crowd?.waiting ?? [])].at(-1);
    if (crowd === undefined || last === undefined) return false;
    crowd.waiting.delete(last);
    this.#streams.delete(last.stream);
    last.stream.destroy();
    return true;
  }

  #leave(address: string, stream: Duplex): void {
    const known = this.#addresses.get(address);
    if (known === undefined) return;
    known.admitting.delete(stream);
    this.#admitNext(known);
    if (known.admitting.size === 0 && known.waiting.size === 0) this.#addresses.delete(address);
  }

  #admitNext({ admitting, waiting }: Address): void {
    for (const arrival of waiting) {
      if (admitting.size >= this.#limits.unauthenticatedPerAddress) return;
      clearTimeout(arrival.timer);
      waiting.delete(arrival);
      admitting.add(arrival.stream);
      arrival.begin();
    }
  }
}
