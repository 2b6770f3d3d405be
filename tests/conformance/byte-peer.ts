import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import type { Socket } from 'node:net';
import { expect, vi } from 'vitest';
import { CONNACK, PINGREQ, PINGRESP, connect } from './wire.ts';
import type { ConnectParts } from './wire.ts';

/** Enough for any machine: what is waited for comes at once or never. */
const WAIT = { timeout: 10_000, interval: 5 };

/** A client that sends given bytes and looks at the bytes that come back. */
export class BytePeer implements Disposable {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => (this.#received = Buffer.concat([this.#received, bytes])));
    socket.on('error', () => {});
    socket.on('close', () => (this.#isClosed = true));
  }

  static async open(port: number): Promise<BytePeer> {
    const socket = connectSocket(port, '127.0.0.1');
    const peer = new BytePeer(socket);
    await once(socket, 'connect');
    return peer;
  }

  /** One whose CONNECT has been accepted. */
  static async connect(port: number, parts?: ConnectParts): Promise<BytePeer> {
    const peer = await BytePeer.open(port);
    peer.send(connect(parts));
    await peer.receive(CONNACK);
    return peer;
  }

  send(...packets: readonly Buffer[]): void {
    this.#socket.write(Buffer.concat(packets));
  }

  /** Waits for these bytes, and fails when others come. */
  async receive(...packets: readonly Buffer[]): Promise<void> {
    const expected = Buffer.concat(packets);
    const taken = await this.take(expected.length);
    expect(taken.toString('hex')).toBe(expected.toString('hex'));
  }

  /** The next bytes, as many as there are to come; fewer when the connection ends before. */
  async take(length: number): Promise<Buffer> {
    await vi.waitFor(() => {
      if (!this.#isClosed) expect(this.#received.length).toBeGreaterThanOrEqual(length);
    }, WAIT);
    const taken = this.#received.subarray(0, length);
    this.#received = this.#received.subarray(length);
    return taken;
  }

  /** Waits for the end of the connection, before which nothing more may come. */
  async receiveEnd(): Promise<void> {
    await vi.waitFor(() => expect(this.#isClosed).toBe(true), WAIT);
    expect(this.#received.toString('hex')).toBe('');
  }

  /** Makes sure that the connection goes on and that nothing else has come. */
  async receiveNothing(): Promise<void> {
    this.send(PINGREQ);
    await this.receive(PINGRESP);
  }

  /** Ends the connection without a DISCONNECT, and waits for that. */
  async drop(): Promise<void> {
    this.#socket.destroy();
    await vi.waitFor(() => expect(this.#isClosed).toBe(true), WAIT);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
