import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';
import type { LoadClient, LoadClientOptions } from './load-client.ts';

/** MQTT 3.1.1 on a bare socket: a fifth of the work of a full client, so that what is measured is the broker. */
export class RawClient implements LoadClient {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, () => void>();
  readonly #admitted = Promise.withResolvers<void>();
  readonly #onFailure: (error: Error) => void;
  #lastId = 0;
  #isCorked = false;
  #isClosing = false;

  private constructor(socket: Socket, onFailure: (error: Error) => void) {
    this.#socket = socket;
    this.#onFailure = onFailure;
    const parser = mqttPacket.parser();
    parser.on('packet', (packet: Packet) => this.#receive(packet));
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => parser.parse(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The broker closed a connection')));
  }

  /** Resolves when the broker has let the principal in. */
  static async connect(options: LoadClientOptions): Promise<RawClient> {
    const socket = connect(options.port, '127.0.0.1');
    const client = new RawClient(socket, options.onFailure);
    await once(socket, 'connect');
    socket.write(
      mqttPacket.generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        // Longer than any run, so that there is no need to ping.
        keepalive: 600,
        clientId: options.principalId,
        username: options.principalId,
        password: Buffer.from(options.token),
      }),
    );
    await client.#admitted.promise;
    return client;
  }

  get inFlight(): number {
    return this.#waiting.size;
  }

  publish(topic: string, payload: string, onAck: () => void): void {
    this.#lastId = (this.#lastId % 0xffff) + 1;
    this.#waiting.set(this.#lastId, onAck);
    this.#cork();
    const fields = { qos: 1, dup: false, retain: false, messageId: this.#lastId } as const;
    this.#socket.write(mqttPacket.generate({ cmd: 'publish', topic, payload, ...fields }));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#socket.destroyed) return;
    const closed = once(this.#socket, 'close');
    this.#socket.end(mqttPacket.generate({ cmd: 'disconnect' }));
    this.#socket.resume();
    await closed;
  }

  #receive(packet: Packet): void {
    if (packet.cmd === 'connack') {
      if (packet.returnCode === 0) this.#admitted.resolve();
      else this.#fail(new Error(`The broker refused a connection: ${packet.returnCode}`));
      return;
    }
    if (packet.cmd !== 'puback') return;
    const id = packet.messageId ?? 0;
    const onAck = this.#waiting.get(id);
    this.#waiting.delete(id);
    onAck?.();
  }

  /** What is published in one turn goes out in one write. */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#socket.cork();
    setImmediate(() => {
      this.#isCorked = false;
      this.#socket.uncork();
    });
  }

  #fail(error: Error): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#socket.destroy();
    this.#admitted.reject(error);
    this.#onFailure(error);
  }
}
