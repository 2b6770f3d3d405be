import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';
import { freePort } from '../servers/free-port.ts';

/** What went through a tap, as it goes through. */
export interface TapEvents {
  /** Before the packet goes on to the broker. */
  readonly onFromClient?: (packet: Packet) => void;
  readonly onFromBroker?: (packet: Packet) => void;
}

/** A wire between a client and a broker that sees every packet, and can be cut. */
export class MqttTap implements AsyncDisposable {
  readonly url: string;
  /** Messages of QoS 1 that the broker has sent, and acknowledgements that the client has. */
  delivered = 0;
  acknowledged = 0;
  connects = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `mqtt://127.0.0.1:${port}`;
  }

  static async open(brokerPort: number, events: TapEvents = {}): Promise<MqttTap> {
    const port = await freePort();
    const server = createServer();
    const tap = new MqttTap(server, port);
    server.on('connection', (client) =>
      tap.#join(client, connect(brokerPort, '127.0.0.1'), events),
    );
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return tap;
  }

  /** Ends every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket, broker: Socket, events: TapEvents): void {
    this.connects += 1;
    this.#forward(client, broker, (packet) => {
      events.onFromClient?.(packet);
      if (packet.cmd === 'puback') this.acknowledged += 1;
    });
    this.#forward(broker, client, (packet) => {
      events.onFromBroker?.(packet);
      if (packet.cmd === 'publish' && packet.qos === 1) this.delivered += 1;
    });
  }

  #forward(from: Socket, to: Socket, see: (packet: Packet) => void): void {
    this.#sockets.add(from);
    const parser = mqttPacket.parser();
    parser.on('packet', see);
    from.on('data', (chunk: Buffer) => {
      parser.parse(chunk);
      to.write(chunk);
    });
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      to.end();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
