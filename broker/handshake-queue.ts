import type { Server, Socket } from 'node:net';

export interface HandshakeQueueOptions {
  /** Handshakes of one address under way at once; more wait, unread. */
  readonly atOnce: number;
  /** Sockets of one address that wait, or have not said anything yet; beyond them the oldest is destroyed. */
  readonly mostWaiting: number;
  /** A handshake that takes longer makes room for another of its address, when one waits. */
  readonly patienceMs: number;
  /** A socket that has waited so long is given up. */
  readonly mostWaitMs: number;
}

const DEFAULTS: HandshakeQueueOptions = {
  atOnce: 100,
  mostWaiting: 5_000,
  patienceMs: 1_000,
  mostWaitMs: 30_000,
};

interface Address {
  /** Sockets that have sent something, first come first served; and before them, those that have not. */
  readonly waiting: Set<Socket>;
  readonly silent: Set<Socket>;
  /** Sockets in a handshake, by the port of their other end. */
  readonly busy: Map<number, Socket>;
  /** Those of them that have taken longer than patience has it, oldest first. */
  readonly overdue: Set<Socket>;
}

/**
 * Lets a TLS server shake hands with so many of one address at once, and the others wait for their turn instead of being
 * refused: a town behind one address that comes back all at once would otherwise keep the broker busy with handshakes that
 * nobody sees the end of. Whoever is silent takes no place, and whoever stops in the middle loses its own.
 */
export class HandshakeQueue {
  readonly #options: HandshakeQueueOptions;
  readonly #byAddress = new Map<string, Address>();
  readonly #begin: (socket: Socket) => void;

  /** Takes the place of the server's own listeners to new connections, and calls them later. */
  constructor(server: Server, options: Partial<HandshakeQueueOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
    const listeners = server.listeners('connection');
    server.removeAllListeners('connection');
    this.#begin = (socket) => {
      for (const listener of listeners) listener.call(server, socket);
    };
    server.on('connection', (socket) => this.#arrive(socket));
  }

  /** The handshake of a socket with this other end is over. */
  end({ remoteAddress = '', remotePort = 0 }: Pick<Socket, 'remoteAddress' | 'remotePort'>): void {
    const known = this.#byAddress.get(remoteAddress);
    const socket = known?.busy.get(remotePort);
    if (known === undefined || socket === undefined) return;
    known.busy.delete(remotePort);
    known.overdue.delete(socket);
    this.#serve(known);
    this.#forgetEmpty(remoteAddress);
  }

  #arrive(socket: Socket): void {
    const { remoteAddress = '', remotePort = 0 } = socket;
    const known = this.#byAddress.get(remoteAddress) ?? newAddress();
    this.#byAddress.set(remoteAddress, known);
    known.silent.add(socket);
    const givenUp = setTimeout(() => {
      if (known.silent.has(socket) || known.waiting.has(socket)) socket.destroy();
    }, this.#options.mostWaitMs);
    // A reset before TLS listens must not end the process.
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(givenUp);
      known.silent.delete(socket);
      known.waiting.delete(socket);
      this.end({ remoteAddress, remotePort });
      this.#forgetEmpty(remoteAddress);
    });
    socket.once('readable', () => {
      if (!known.silent.delete(socket)) return;
      known.waiting.add(socket);
      this.#serve(known);
    });
    if (known.silent.size + known.waiting.size <= this.#options.mostWaiting) return;
    const [oldest] = known.silent.size > 0 ? known.silent : known.waiting;
    oldest?.destroy();
  }

  #serve(known: Address): void {
    for (const socket of known.waiting) {
      if (known.busy.size >= this.#options.atOnce) {
        const [slowest] = known.overdue;
        // It makes room when it is closed.
        slowest?.destroy();
        return;
      }
      known.waiting.delete(socket);
      this.#shakeHands(known, socket);
    }
  }

  #shakeHands(known: Address, socket: Socket): void {
    known.busy.set(socket.remotePort ?? 0, socket);
    const timer = setTimeout(() => {
      if (known.busy.get(socket.remotePort ?? 0) !== socket) return;
      known.overdue.add(socket);
      this.#serve(known);
    }, this.#options.patienceMs);
    timer.unref();
    this.#begin(socket);
  }

  #forgetEmpty(address: string): void {
    const known = this.#byAddress.get(address);
    if (known === undefined) return;
    if (known.silent.size + known.waiting.size + known.busy.size === 0) {
      this.#byAddress.delete(address);
    }
  }
}

function newAddress(): Address {
  return { waiting: new Set(), silent: new Set(), busy: new Map(), overdue: new Set() };
}
