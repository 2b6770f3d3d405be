import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';

const CONNACK = 0x20;
const PUBACK = 0x40;
/** Both answers that are expected have this many bytes. */
const ANSWER_BYTES = 4;

/** Where to connect, and as whom. */
export interface FloodLogin {
  readonly port: number;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
}

/**
 * MQTT 3.1.1 on a bare socket, for packets that are made beforehand: some 2 µs per message, so that what is measured on two
 * cores is the broker. Understands nothing but CONNACK and PUBACK; anything else is a failure.
 */
export class FloodClient {
  readonly #socket: Socket;
  readonly #onAck: (messageId: number) => void;
  readonly #onFailure: (error: Error) => void;
  readonly #admitted = Promise.withResolvers<void>();
  #rest: Buffer = Buffer.alloc(0);
  #out: Buffer[] = [];
  #isClosing = false;

  private constructor(
    socket: Socket,
    onAck: (messageId: number) => void,
    onFailure: (error: Error) => void,
  ) {
    this.#socket = socket;
    this.#onAck = onAck;
    this.#onFailure = onFailure;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The broker closed a connection')));
  }

  /** Resolves when the broker has let it in. `onFailure` is told when the connection breaks: the run is worth nothing then. */
  static async connect(
    login: FloodLogin,
    onAck: (messageId: number) => void,
    onFailure: (error: Error) => void,
  ): Promise<FloodClient> {
    const socket = connect(login.port, '127.0.0.1');
    const client = new FloodClient(socket, onAck, onFailure);
    await once(socket, 'connect');
    const { clientId, username, password } = login;
    socket.write(
      mqttPacket.generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        // Longer than any run, so that there is no need to ping.
        keepalive: 3_600,
        clientId,
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password: Buffer.from(password) }),
      }),
    );
    await client.#admitted.promise;
    return client;
  }

  /** Sends a whole PUBLISH with the next {@link flush}. Its bytes must not change until then. */
  send(packet: Buffer): void {
    this.#out.push(packet);
  }

  /** What was sent since the last call goes out in one write. */
  flush(): void {
    const [first] = this.#out;
    if (first === undefined) return;
    this.#socket.write(this.#out.length === 1 ? first : Buffer.concat(this.#out));
    this.#out = [];
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#socket.destroyed) return;
    const closed = once(this.#socket, 'close');
    this.#socket.end(mqttPacket.generate({ cmd: 'disconnect' }));
    this.#socket.resume();
    await closed;
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let offset = 0;
    for (; offset + ANSWER_BYTES <= bytes.length; offset += ANSWER_BYTES) {
      if (bytes[offset] === PUBACK) this.#onAck(bytes.readUInt16BE(offset + 2));
      else this.#receiveOther(bytes, offset);
    }
    this.#rest = bytes.subarray(offset);
    this.flush();
  }

  #receiveOther(bytes: Buffer, offset: number): void {
    const [kind, code] = [bytes[offset], bytes[offset + 3]];
    if (kind === CONNACK && code === 0) this.#admitted.resolve();
    else if (kind === CONNACK) this.#fail(new Error(`The broker refused a connection: ${code}`));
    else this.#fail(new Error(`The broker sent a packet of kind ${kind}`));
  }

  #fail(error: Error): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#socket.destroy();
    this.#admitted.reject(error);
    this.#onFailure(error);
  }
}
