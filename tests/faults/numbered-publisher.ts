import { setTimeout as pause } from 'node:timers/promises';
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import type { Credentials } from '../system/town-of-devices.ts';
import type { History } from './history.ts';

/** So that many publishers together send about a thousand messages a second. */
const PAUSE_MS = 20;

/** What a publisher sends; everything of it can be found again through any reader. */
export interface NumberedReading {
  readonly boot: string;
  readonly seq: number;
  /** Grows with every message of a publisher, so that time and device name the message too. */
  readonly observedAt: number;
  readonly fillPercent: number;
}

/** Fill that follows from the number, in tenths of a percent. */
export function fillOf(seq: number): number {
  return (seq % 1000) / 10;
}

/** A device that numbers its messages and sends the next when the last is acknowledged. */
export class NumberedPublisher {
  readonly #client: MqttClient;
  readonly #device: string;
  readonly #boot: string;
  readonly #history: History;
  readonly #running: Promise<void>;
  #stopped = false;

  constructor(options: {
    readonly port: number;
    readonly credentials: Credentials;
    readonly device: string;
    readonly boot: string;
    readonly history: History;
  }) {
    this.#device = options.device;
    this.#boot = options.boot;
    this.#history = options.history;
    this.#client = mqtt.connect({
      ...{ host: '127.0.0.1', port: options.port, ...options.credentials },
      ...{ clientId: `faults-${options.device}`, clean: true, reconnectPeriod: 50 },
    });
    this.#client.on('error', () => {});
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    let observedAt = 0;
    for (let seq = 0; !this.#stopped; seq += 1) {
      observedAt = Math.max(observedAt + 1, Date.now());
      const reading: NumberedReading = {
        boot: this.#boot,
        seq,
        observedAt,
        fillPercent: fillOf(seq),
      };
      const key = `${this.#device}/${observedAt}`;
      this.#history.add({ kind: 'invoke', key, content: JSON.stringify(reading) });
      // The client sends again by itself what was under way when its connection broke.
      await this.#client.publishAsync(`bins/${this.#device}/up`, JSON.stringify(reading), {
        qos: 1,
      });
      this.#history.add({ kind: 'ok', key });
      await pause(PAUSE_MS);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#client.endAsync();
  }
}
