import { setTimeout as delay } from 'node:timers/promises';
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import type { RunningTunna } from './running-tunna.ts';
import type { Credentials } from './town-of-devices.ts';

/** Every so many readings are sent twice, as by a device that has missed its acknowledgement. */
const REPEAT_EVERY = 10;

export interface PublisherLoad {
  readonly name: string;
  readonly devices: readonly string[];
  /** Where a device's readings go; `bins/{device}/up` if not said. */
  readonly topicOf?: (device: string) => string;
  /** Pause after each reading, ms. */
  readonly restMs?: number;
}

/** Publishes readings, one after the other, until it is stopped; notes which were acknowledged. */
export class Publisher {
  /** The `boot` of each acknowledged reading. */
  readonly acknowledged = new Set<string>();
  /** Acknowledged messages, repeated ones included. */
  published = 0;
  readonly #client: MqttClient;
  readonly #name: string;
  readonly #devices: readonly string[];
  readonly #topicOf: (device: string) => string;
  readonly #restMs: number;
  readonly #running: Promise<void>;
  #next = 0;
  #stopped = false;

  constructor(
    { mqttPort }: Pick<RunningTunna, 'mqttPort'>,
    credentials: Credentials | undefined,
    load: PublisherLoad,
  ) {
    const { name, devices, restMs = 0, topicOf = (device) => `bins/${device}/up` } = load;
    this.#name = name;
    this.#devices = devices;
    this.#topicOf = topicOf;
    this.#restMs = restMs;
    this.#client = mqtt.connect({
      host: '127.0.0.1',
      port: mqttPort,
      ...credentials,
      clientId: name,
      clean: true,
      reconnectPeriod: 50,
    });
    this.#client.on('error', () => {});
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const boot = `${this.#name}-${this.#next++}`;
      const device = this.#devices[this.#next % this.#devices.length] ?? '';
      const body = { boot, seq: 0, observedAt: Date.now(), fillPercent: this.#next % 100 };
      const times = this.#next % REPEAT_EVERY === 0 ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        // The client repeats by itself what was under way when its connection broke.
        await this.#client.publishAsync(this.#topicOf(device), JSON.stringify(body), { qos: 1 });
        this.published += 1;
      }
      this.acknowledged.add(boot);
      if (this.#restMs > 0) await delay(this.#restMs);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#client.endAsync();
  }
}

/** How often the reading of each `boot` is stored. */
export async function countStored(
  tunna: Pick<RunningTunna, 'openStore'>,
): Promise<Map<string, number>> {
  await using opened = tunna.openStore();
  const rows = await opened.store.db
    .selectFrom('uplinks')
    .select('payload')
    .where('envelope', '=', 'tunna-json')
    .execute();
  const counts = new Map<string, number>();
  for (const { payload } of rows) {
    const boot = /"boot":"([^"]+)"/.exec(payload.toString())?.[1];
    if (boot !== undefined) counts.set(boot, (counts.get(boot) ?? 0) + 1);
  }
  return counts;
}
