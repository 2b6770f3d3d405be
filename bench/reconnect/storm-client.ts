import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import mqttPacket from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';

/** A sensor that has lost its connection comes back after a random time up to the first, then up to twice that, and so on. */
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 8_000;
/** No answer to a CONNECT for so long: try again. */
const CONNACK_TIMEOUT_MS = 20_000;

export interface StormClientOptions {
  readonly id: string;
  readonly token: string;
  readonly port: number;
  readonly tls: boolean;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

/** A sensor with the simplest of sockets: comes back whenever it is disconnected, and repeats what was not acknowledged. */
export class StormClient {
  isConnected = false;
  /** How often it was let in. */
  connects = 0;
  /** Readings acknowledged, by their `boot`. */
  readonly acknowledged: string[] = [];
  readonly #options: StormClientOptions;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #delayMs = FIRST_DELAY_MS;
  /** The reading that waits for its acknowledgement; repeated as it is. */
  #pending: { readonly boot: string; readonly payload: string } | undefined;
  #sent = 0;
  #isClosing = false;

  constructor(options: StormClientOptions) {
    this.#options = options;
  }

  connect(): void {
    const { id, token, port, tls } = this.#options;
    const to = { host: '127.0.0.1', port };
    // The certificate is made for the run; what is measured is the work.
    const socket = tls ? connectTls({ ...to, rejectUnauthorized: false }) : connectTcp(to);
    this.#socket = socket;
    const parser = mqttPacket.parser();
    parser.on('packet', (packet: Packet) => this.#receive(packet));
    parser.on('error', () => socket.destroy());
    socket.on('data', (bytes) => parser.parse(bytes));
    socket.on('error', () => {});
    socket.on('close', () => this.#comeBack());
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      const login = { clientId: id, username: id, password: Buffer.from(token) };
      const fixed = {
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        keepalive: 600,
      } as const;
      socket.write(mqttPacket.generate({ cmd: 'connect', ...fixed, ...login }));
    });
    this.#timer = setTimeout(() => socket.destroy(), CONNACK_TIMEOUT_MS);
  }

  /** Sends one reading, which is repeated until it is acknowledged. */
  publish(): void {
    if (this.#pending !== undefined) throw new Error('A sensor has one reading under way at most');
    this.#sent += 1;
    const boot = `${this.#options.id}-${this.#sent}`;
    const body = { boot, seq: 0, observedAt: Date.now(), fillPercent: 50 };
    this.#pending = { boot, payload: JSON.stringify(body) };
    this.#sendPending();
  }

  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  close(): void {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  #sendPending(): void {
    if (!this.isConnected || this.#pending === undefined) return;
    const fields = { qos: 1, messageId: 1, dup: false, retain: false } as const;
    const topic = `bins/${this.#options.id}/up`;
    const { payload } = this.#pending;
    this.#socket?.write(mqttPacket.generate({ cmd: 'publish', topic, payload, ...fields }));
  }

  #receive(packet: Packet): void {
    if (packet.cmd === 'puback' && this.#pending !== undefined) {
      this.acknowledged.push(this.#pending.boot);
      this.#pending = undefined;
    }
    if (packet.cmd !== 'connack') return;
    clearTimeout(this.#timer);
    if (packet.returnCode !== 0) return;
    this.isConnected = true;
    this.connects += 1;
    this.#delayMs = FIRST_DELAY_MS;
    this.#sendPending();
  }

  #comeBack(): void {
    clearTimeout(this.#timer);
    this.isConnected = false;
    if (this.#isClosing) return;
    this.#timer = setTimeout(() => this.connect(), this.#options.random() * this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
  }
}
