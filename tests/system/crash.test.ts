import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import { describe, expect, test, vi } from 'vitest';
import { startTunna } from './running-tunna.ts';
import type { RunningTunna } from './running-tunna.ts';
import { addTown } from './town-of-devices.ts';
import type { Credentials } from './town-of-devices.ts';

const PUBLISHERS = 8;
const TOWN_SIZE = 20;
const KILLS = ['ingest', 'broker', 'ingest', 'broker'] as const;
const ACKED_BETWEEN_KILLS = 300;

/** Publishes readings that all differ, until it is stopped; notes which were acknowledged. */
class Publisher {
  readonly acknowledged = new Set<string>();
  readonly #client: MqttClient;
  readonly #name: string;
  readonly #running: Promise<void>;
  #next = 0;
  #stopped = false;

  constructor(tunna: RunningTunna, credentials: Credentials, name: string) {
    this.#name = name;
    this.#client = mqtt.connect({
      host: '127.0.0.1',
      port: tunna.mqttPort,
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
      const device = `dev-${this.#next % TOWN_SIZE}`;
      const body = { boot, seq: 0, observedAt: Date.now(), fillPercent: this.#next % 100 };
      // The client repeats what was under way when its connection broke.
      await this.#client.publishAsync(`bins/${device}/up`, JSON.stringify(body), { qos: 1 });
      this.acknowledged.add(boot);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#client.endAsync();
  }
}

async function countStored(tunna: RunningTunna): Promise<Map<string, number>> {
  await using opened = tunna.openStore();
  const rows = await opened.store.db.selectFrom('uplinks').select('payload').execute();
  const counts = new Map<string, number>();
  for (const { payload } of rows) {
    // Safe: this test wrote the payloads.
    const { boot } = JSON.parse(payload.toString()) as { boot: string };
    counts.set(boot, (counts.get(boot) ?? 0) + 1);
  }
  return counts;
}

describe('kill -9 under load', () => {
  test('everything acknowledged is stored, once', async () => {
    await using tunna = await startTunna();
    const credentials = await addTown(tunna, TOWN_SIZE);
    const publishers = Array.from(
      { length: PUBLISHERS },
      (_, index) => new Publisher(tunna, credentials, `publisher-${index}`),
    );
    const acknowledged = (): number =>
      publishers.reduce((sum, publisher) => sum + publisher.acknowledged.size, 0);
    for (const part of KILLS) {
      const before = acknowledged();
      await vi.waitFor(() => expect(acknowledged() - before).toBeGreaterThan(ACKED_BETWEEN_KILLS), {
        timeout: 40_000,
      });
      const killed = tunna.killPart(part);
      await vi.waitFor(() => expect(tunna.findPart(part) ?? killed).not.toBe(killed), {
        timeout: 20_000,
        interval: 50,
      });
    }
    const last = acknowledged();
    await vi.waitFor(() => expect(acknowledged() - last).toBeGreaterThan(ACKED_BETWEEN_KILLS), {
      timeout: 40_000,
    });
    await Promise.all(publishers.map((publisher) => publisher.stop()));
    const owed = publishers.flatMap((publisher) => [...publisher.acknowledged]);
    await vi.waitFor(
      async () => {
        const stored = await countStored(tunna);
        expect(owed.filter((boot) => !stored.has(boot))).toEqual([]);
        expect([...stored].filter(([, count]) => count > 1)).toEqual([]);
      },
      { timeout: 30_000, interval: 250 },
    );
    expect(owed.length).toBeGreaterThan(ACKED_BETWEEN_KILLS * (KILLS.length + 1));
  }, 180_000);
});
