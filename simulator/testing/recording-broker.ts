import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { Aedes } from 'aedes';

export interface RecordedMessage {
  readonly topic: string;
  readonly payload: string;
  readonly clientId: string;
  readonly qos: number;
}

/** A real broker for tests that lets everybody in and writes down what it hears. */
export class RecordingBroker {
  readonly messages: RecordedMessage[] = [];
  /** User name and password of every connection, by client id. */
  readonly logins = new Map<string, string>();
  readonly #aedes: Aedes;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(aedes: Aedes) {
    this.#aedes = aedes;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      aedes.handle(socket);
    });
    aedes.authenticate = (client, username, password, done) => {
      this.logins.set(client.id, `${username}:${password?.toString()}`);
      done(null, true);
    };
    aedes.on('publish', (packet, client) => {
      if (client === null) return;
      const { topic, qos } = packet;
      this.messages.push({ topic, qos, payload: packet.payload.toString(), clientId: client.id });
    });
  }

  /** Listens on the port given, or on any. */
  static async start(port = 0): Promise<RecordingBroker> {
    const broker = new RecordingBroker(await Aedes.createBroker());
    broker.#server.listen(port, '127.0.0.1');
    await once(broker.#server, 'listening');
    return broker;
  }

  get address(): { host: string; port: number } {
    // Safe: a server that listens on TCP has an address with a port.
    const { port } = this.#server.address() as AddressInfo;
    return { host: '127.0.0.1', port };
  }

  get connections(): number {
    return this.#aedes.connectedClients;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
  }
}
