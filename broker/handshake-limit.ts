import type { Server, Socket } from 'node:net';

/** Sockets of one address in a handshake at once; one is a single request, so that many are an attack. */
const HANDSHAKES_PER_ADDRESS = 500;

/**
 * Bounds the sockets of one address that have not come through the request that makes them a WebSocket yet. The one that has been at
 * it for the longest makes room for a new one: whoever stops in the middle keeps nobody out.
 */
export class HandshakeLimit {
  /** By the port of the other end, oldest first, by its address. */
  readonly #byAddress = new Map<string, Map<number, Socket>>();

  constructor(server: Server) {
    server.on('connection', (socket) => this.#begin(socket));
  }

  #begin(socket: Socket): void {
    const { remoteAddress = '', remotePort = 0 } = socket;
    const sockets = this.#byAddress.get(remoteAddress) ?? new Map<number, Socket>();
    this.#byAddress.set(remoteAddress, sockets.set(remotePort, socket));
    socket.once('close', () => this.end({ remoteAddress, remotePort }));
    if (sockets.size <= HANDSHAKES_PER_ADDRESS) return;
    for (const [port, oldest] of sockets) {
      sockets.delete(port);
      oldest.destroy();
      return;
    }
  }

  /** The handshake of a socket with this other end is over. */
  end({ remoteAddress = '', remotePort = 0 }: Pick<Socket, 'remoteAddress' | 'remotePort'>): void {
    const sockets = this.#byAddress.get(remoteAddress);
    sockets?.delete(remotePort);
    if (sockets?.size === 0) this.#byAddress.delete(remoteAddress);
  }
}
