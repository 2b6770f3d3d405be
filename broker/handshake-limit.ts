import type { Server, Socket } from 'node:net';

/** Sockets of one address in a handshake at once; one takes milliseconds, so that many are an attack. */
const HANDSHAKES_PER_ADDRESS = 500;

/** Bounds the sockets of one address that have not come through the handshake of TLS or WebSocket yet. */
export class HandshakeLimit {
  /** Ports of the other end, by its address. */
  readonly #byAddress = new Map<string, Set<number>>();

  constructor(server: Server) {
    server.on('connection', (socket) => this.#begin(socket));
  }

  #begin(socket: Socket): void {
    const { remoteAddress = '', remotePort = 0 } = socket;
    const ports = this.#byAddress.get(remoteAddress) ?? new Set();
    if (ports.size >= HANDSHAKES_PER_ADDRESS) {
      socket.destroy();
      return;
    }
    this.#byAddress.set(remoteAddress, ports.add(remotePort));
    socket.once('close', () => this.end({ remoteAddress, remotePort }));
  }

  /** The handshake of a socket with this other end is over. */
  end({ remoteAddress = '', remotePort = 0 }: Pick<Socket, 'remoteAddress' | 'remotePort'>): void {
    const ports = this.#byAddress.get(remoteAddress);
    ports?.delete(remotePort);
    if (ports?.size === 0) this.#byAddress.delete(remoteAddress);
  }
}
