import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt from 'mqtt';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startMosquitto } from '../servers/mosquitto.ts';
import type { Mosquitto } from '../servers/mosquitto.ts';
import { needs } from '../servers/needs.ts';
import { privateFolder } from '../servers/server-process.ts';
import { countOf, drain } from '../system/conservation.ts';
import { countStored } from '../system/publisher.ts';
import { startTunna } from '../system/running-tunna.ts';
import type { RunningTunna } from '../system/running-tunna.ts';
import { addTown } from '../system/town-of-devices.ts';

const TOWN_SIZE = 20;
const KILLS = 4;
const PUBLISHED_BETWEEN_KILLS = 400;
/** Publishers, each of which rests after a message: Mosquitto takes faster than anybody stores. */
const PUBLISHERS = 20;
const REST_MS = 40;

/** Publishes readings to Mosquitto until it is stopped; notes which that has taken. */
class Load {
  readonly taken = new Set<string>();
  readonly #client: mqtt.MqttClient;
  readonly #running: Promise<unknown>;
  #next = 0;
  #isStopped = false;

  constructor(broker: Mosquitto) {
    this.#client = mqtt.connect(broker.url);
    this.#running = Promise.all(Array.from({ length: PUBLISHERS }, () => this.#run()));
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const boot = `load-${this.#next++}`;
      const body = { boot, seq: 0, observedAt: Date.now(), fillPercent: this.#next % 100 };
      const topic = `bins/dev-${this.#next % TOWN_SIZE}/up`;
      await this.#client.publishAsync(topic, JSON.stringify(body), { qos: 1 });
      this.taken.add(boot);
      await delay(REST_MS);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    await this.#client.endAsync();
  }
}

async function killIngest(tunna: RunningTunna): Promise<void> {
  const killed = tunna.killPart('ingest');
  await vi.waitFor(() => expect(tunna.findPart('ingest') ?? killed).not.toBe(killed), {
    timeout: 20_000,
    interval: 50,
  });
}

needs('mosquitto')('kill -9 of ingest while a source sends', () => {
  test('loses nothing that the source had taken, and stores nothing twice', async () => {
    await using broker = await startMosquitto({
      settings: ['max_queued_messages 1000000', 'max_inflight_messages 0'],
    });
    const folder = await privateFolder('sources');
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'sources.json');
    const source = { name: 'city', mqtt: { url: broker.url, topics: ['bins/+/up'] } };
    writeFileSync(file, JSON.stringify([source]));
    await using tunna = await startTunna({ TUNNA_SOURCES: file });
    await addTown(tunna, TOWN_SIZE);
    // The first connection makes the session that keeps what comes while nobody is there.
    await vi.waitFor(() => expect(tunna.logText()).toMatch(/The source is connected/), 20_000);
    const load = new Load(broker);
    for (let kills = 0; kills < KILLS; kills += 1) {
      const before = load.taken.size;
      await vi.waitFor(
        () => expect(load.taken.size - before).toBeGreaterThan(PUBLISHED_BETWEEN_KILLS),
        40_000,
      );
      await killIngest(tunna);
    }
    await load.stop();
    const owed = [...load.taken];
    await vi.waitFor(
      async () => expect((await countStored(tunna)).size).toBeGreaterThanOrEqual(owed.length),
      { timeout: 60_000, interval: 200 },
    );
    const stored = await countStored(tunna);
    expect(owed.filter((boot) => !stored.has(boot))).toEqual([]);
    expect([...stored].filter(([, count]) => count > 1)).toEqual([]);
    // Each record of the journal was taken once: as news, or as the copy it is.
    const { journaled, tally } = await drain(tunna, 'source-city');
    expect(countOf(tally)).toBe(journaled);
    expect(countOf(tally, 'stored')).toBe(stored.size);
    expect(owed.length).toBeGreaterThan(KILLS * PUBLISHED_BETWEEN_KILLS);
  }, 180_000);
});
