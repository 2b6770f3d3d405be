import { setTimeout as wait } from 'node:timers/promises';
import { type MqttClient, connect } from 'mqtt';
import type { Logger } from 'pino';
import type { Uplink } from './encode/uplink.ts';

/** Where the broker listens for MQTT over TCP. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

export interface ConnectionOptions {
  readonly broker: BrokerAddress;
  /** User name and client id. */
  readonly principalId: string;
  readonly token: string;
  readonly log: Logger;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 20_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** A broker that does not answer the goodbye within this time does not get one. */
const GOODBYE_MS = 500;

/** Retries after a time that doubles and is spread by half, so that a town does not come back at one instant. */
export function retryDelayMs(failures: number, unit: number): number {
  const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10));
  return Math.ceil(longest * (0.5 + unit / 2));
}

/** A connection of one principal that comes back by itself. Trouble is logged, never thrown. */
export class Connection {
  readonly #options: ConnectionOptions;
  #client: MqttClient | undefined;
  #inFlight = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#client?.connected ?? false;
  }

  /** Messages that are sent or queued and not acknowledged. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Starts connecting, and keeps at it; `onFirstConnect` is told once. */
  open(onFirstConnect?: () => void): void {
    const { broker, principalId, token, log } = this.#options;
    const client = connect({
      ...broker,
      protocol: 'mqtt',
      clientId: principalId,
      username: principalId,
      password: token,
      clean: true,
      reconnectOnConnackError: true,
      reconnectPeriod: retryDelayMs(0, Math.random()),
      connectTimeout: CONNECT_TIMEOUT_MS,
    });
    this.#client = client;
    retryPatiently(client);
    if (onFirstConnect !== undefined) client.once('connect', onFirstConnect);
    client.on('error', (error) => {
      log.debug({ principalId, err: error }, 'simulator connection failed');
    });
  }

  /** Publishes at QoS 1; tells when the broker has acknowledged, or that it never will. */
  publish(uplink: Uplink, done: (acknowledged: boolean) => void): void {
    if (this.#client === undefined)
      throw new Error('Cannot publish before the connection is opened');
    this.#inFlight += 1;
    this.#client.publish(uplink.topic, uplink.payload, { qos: 1 }, (error) => {
      this.#inFlight -= 1;
      done(!error);
    });
  }

  /** Says goodbye when there is somebody to say it to, and cuts the line at the latest half a second later. */
  async close(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    const isQuiet = this.connected && this.#inFlight === 0;
    // An end that fails or hangs is the same to us: the line is cut below.
    const ended = client.endAsync(!isQuiet).catch(() => undefined);
    await Promise.race([ended, wait(GOODBYE_MS, undefined, { ref: false })]);
    client.stream.destroy();
  }
}

/** mqtt.js reads the delay at every loss, so raising it afterwards makes the next one longer. */
function retryPatiently(client: MqttClient): void {
  let failures = 0;
  client.on('connect', () => {
    failures = 0;
    client.options.reconnectPeriod = retryDelayMs(0, Math.random());
  });
  client.on('close', () => {
    failures += 1;
    client.options.reconnectPeriod = retryDelayMs(failures, Math.random());
  });
}
