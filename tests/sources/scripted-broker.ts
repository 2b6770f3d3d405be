import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import type { IConnectPacket, Packet } from 'mqtt-packet';
import { freePort } from '../servers/free-port.ts';

export interface Script {
  /** The code of the SUBACK for each filter, whatever was asked for; without it there is no answer. */
  readonly granted?: (filter: string) => number;
  /** Sent behind the SUBACK. */
  readonly messages?: readonly Packet[];
}

/** A broker that answers as it is told, for what no real one does on demand. */
export class ScriptedBroker implements AsyncDisposable {
  readonly url: string;
  readonly connects: IConnectPacket[] = [];
  readonly received: Packet['cmd'][] = [];
  readonly #server: Server;
  readonly #script: Script;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, port: number, script: Script) {
    this.#server = server;
    this.#script = script;
    this.url = `mqtt://127.0.0.1:${port}`;
  }

  static async open(script: Script): Promise<ScriptedBroker> {
    const port = await freePort();
    const server = createServer();
    const broker = new ScriptedBroker(server, port, script);
    server.on('connection', (socket) => broker.#serve(socket));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return broker;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const parser = mqttPacket.parser();
    parser.on('packet', (packet: Packet) => this.#answer(socket, packet));
    socket.on('data', (chunk: Buffer) => parser.parse(chunk));
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #answer(socket: Socket, packet: Packet): void {
    const send = (answer: Packet): void => void socket.write(mqttPacket.generate(answer));
    this.received.push(packet.cmd);
    if (packet.cmd === 'connect') {
      this.connects.push(packet);
      send({ cmd: 'connack', returnCode: 0, sessionPresent: false });
    }
    const { granted: grant } = this.#script;
    if (packet.cmd !== 'subscribe' || grant === undefined) return;
    const granted = packet.subscriptions.map(({ topic }) => grant(topic));
    const { messageId = 0 } = packet;
    send({ cmd: 'suback', messageId, granted });
    for (const message of this.#script.messages ?? []) send(message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
