import type { Duplex } from 'node:stream';
import { FailureThrottle } from '../domain/failure-throttle.ts';
import type { BrokerLimits } from './broker-options.ts';
import { judgeFirstPacket } from './first-packet.ts';

/** A socket that has waited this long for its turn is given up. */
const MAX_WAIT_MS = 30_000;

interface Arrival {
  readonly stream: Duplex;
  readonly begin: () => void;
  /** What has come so far of a first packet. */
  readonly chunks: Buffer[];
  timer: NodeJS.Timeout | undefined;
}

interface Address {
  /** Sockets whose first packet has not come to its end. They take a place and hardly more. */
  readonly silent: Set<Arrival>;
  /** Sockets that have said who they are, and are not read from meanwhile, first come first served. */
  readonly waiting: Set<Arrival>;
  /** Sockets whose turn it is and that have not authenticated yet. */
  readonly admitting: Set<Duplex>;
}

/**
 * Bounds what strangers can hold: all sockets together, and per address those that are being authenticated. More of an address
 * wait unread instead of being refused, so that a town behind one address comes back in order after an outage; whoever is
 * silent, or drips its CONNECT, keeps nobody waiting. When all places are taken, it is the address with the most strangers
 * that gives one up. An address that sends many first packets which are none is answered late, so that coming back at once earns
 * it nothing.
 */
export class Admission {
  readonly #limits: BrokerLimits;
  readonly #addresses = new Map<string, Address>();
  readonly #streams = new Map<Duplex, string>();
  readonly #badPackets: FailureThrottle;

  /** `uptimeMs`: milliseconds that only grow. */
  constructor(limits: BrokerLimits, uptimeMs: () => number) {
    this.#limits = limits;
    this.#badPackets = new FailureThrottle(limits.badFirstPacketsPerMinute, uptimeMs);
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
    const known = this.#addresses.get(address) ?? newAddress();
    this.#addresses.set(address, known);
    const arrival: Arrival = { stream, begin, chunks: [], timer: undefined };
    this.#expect(arrival, this.#limits.connectTimeoutMs);
    known.silent.add(arrival);
    stream.once('close', () => {
      clearTimeout(arrival.timer);
      known.silent.delete(arrival);
      known.waiting.delete(arrival);
      this.#streams.delete(stream);
      this.#leave(address, stream);
    });
    this.#listen(address, known, arrival);
    return true;
  }

  /** The socket's client has authenticated, or is only kept waiting by now: the next one's turn. */
  accept(stream: Duplex): void {
    const address = this.#streams.get(stream);
    if (address !== undefined) this.#leave(address, stream);
  }

  destroyAll(): void {
    for (const stream of this.#streams.keys()) stream.destroy();
  }

  #listen(address: string, known: Address, arrival: Arrival): void {
    const { stream, chunks } = arrival;
    const onReadable = (): void => {
      // Safe: a socket without an encoding gives buffers.
      for (let chunk = stream.read() as Buffer | null; chunk !== null;) {
        chunks.push(chunk);
        chunk = stream.read() as Buffer | null;
      }
      const { unauthenticatedPacketBytes, failureDelayMs } = this.#limits;
      const verdict = judgeFirstPacket(Buffer.concat(chunks), unauthenticatedPacketBytes);
      if (verdict === 'part') return;
      stream.off('readable', onReadable);
      if (verdict === 'whole' || !this.#isHeldBack(address)) this.#queue(known, arrival);
      else {
        clearTimeout(arrival.timer);
        arrival.timer = setTimeout(() => this.#queue(known, arrival), failureDelayMs);
      }
    };
    stream.on('readable', onReadable);
  }

  /** Whether an address that has sent a bad first packet has sent many before. */
  #isHeldBack(address: string): boolean {
    const isHeldBack = this.#badPackets.isThrottled(address);
    this.#badPackets.noteFailure(address);
    return isHeldBack;
  }

  #queue(known: Address, arrival: Arrival): void {
    known.silent.delete(arrival);
    known.waiting.add(arrival);
    this.#expect(arrival, MAX_WAIT_MS);
    this.#admitNext(known);
  }

  #expect(arrival: Arrival, timeoutMs: number): void {
    clearTimeout(arrival.timer);
    arrival.timer = setTimeout(() => arrival.stream.destroy(), timeoutMs);
  }

  /** Takes its newest place from an address that has more strangers than this one would have. */
  #makeRoomFor(address: string): boolean {
    let most = countStrangers(this.#addresses.get(address)) + 1;
    let crowd: Address | undefined;
    for (const [other, known] of this.#addresses) {
      if (other === address || countStrangers(known) <= most) continue;
      most = countStrangers(known);
      crowd = known;
    }
    const last = [...(crowd?.waiting ?? []), ...(crowd?.silent ?? [])].at(-1);
    if (crowd === undefined || last === undefined) return false;
    crowd.waiting.delete(last);
    crowd.silent.delete(last);
    this.#streams.delete(last.stream);
    last.stream.destroy();
    return true;
  }

  #leave(address: string, stream: Duplex): void {
    const known = this.#addresses.get(address);
    if (known === undefined) return;
    known.admitting.delete(stream);
    this.#admitNext(known);
    if (known.admitting.size === 0 && countStrangers(known) === 0) this.#addresses.delete(address);
  }

  #admitNext({ admitting, waiting }: Address): void {
    for (const arrival of waiting) {
      if (admitting.size >= this.#limits.unauthenticatedPerAddress) return;
      clearTimeout(arrival.timer);
      waiting.delete(arrival);
      admitting.add(arrival.stream);
      arrival.begin();
      // Behind `begin`, which listens.
      arrival.stream.unshift(Buffer.concat(arrival.chunks));
    }
  }
}

function newAddress(): Address {
  return { silent: new Set(), waiting: new Set(), admitting: new Set() };
}

function countStrangers(address: Address | undefined): number {
  return address === undefined ? 0 : address.waiting.size + address.silent.size;
}
