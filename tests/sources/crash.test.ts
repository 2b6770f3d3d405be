import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt from 'mqtt';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sabotageEnv } from '../faults/sabotage.ts';
import { startMosquitto } from '../servers/mosquitto.ts';
import type { Mosquitto } from '../servers/mosquitto.ts';
import { needs } from '../servers/needs.ts';
import { privateFolder } from '../servers/server-process.ts';
import { countOf, drain } from '../system/conservation.ts';
import { countStored } from '../system/publisher.ts';
import { startTunna } from '../system/running-tunna.ts';
import type { RunningTunna } from '../system/running-tunna.ts';
import { addTown } from '../system/town-of-devices.ts';
import { lockJournal } from './lock-journal.ts';
import { MqttTap } from './mqtt-tap.ts';
import { publishAll } from './test-messages.ts';

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

/** A Tunna that fetches from the broker, and what writes the file that says so. */
async function startFetching(
  url: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningTunna> {
  const folder = await privateFolder('sources');
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'sources.json');
  const source = { name: 'city', mqtt: { url, topics: ['bins/+/up'] } };
  writeFileSync(file, JSON.stringify([source]));
  const tunna = await startTunna({ TUNNA_SOURCES: file, ...env });
  await addTown(tunna, TOWN_SIZE);
  // The first connection makes the session that keeps what comes while nobody is there.
  await untilConnected(tunna, 1);
  return tunna;
}

async function untilConnected(tunna: RunningTunna, times: number): Promise<void> {
  await vi.waitFor(
    () => expect(tunna.logText().split('The source is connected').length - 1).toBe(times),
    40_000,
  );
}

/** Messages on their way to the disk when the process is killed, and one that follows; resolves with those stored in the end. */
async function killAtTheDisk(
  env: Readonly<Record<string, string>>,
  isReadyToDie: (tap: MqttTap) => void,
): Promise<{ readonly acknowledgedAtDeath: number; readonly stored: readonly string[] }> {
  await using broker = await startMosquitto({ settings: ['max_inflight_messages 0'] });
  await using tap = await MqttTap.open(broker.port);
  await using tunna = await startFetching(tap.url, env);
  let acknowledgedAtDeath: number;
  {
    using _lock = lockJournal(path.join(tunna.dataFolder, 'journals', 'source-city.sqlite'));
    await publishAll(
      broker.port,
      'bins/dev-1/up',
      Array.from({ length: 20 }, (_, n) => body(n)),
    );
    await vi.waitFor(() => isReadyToDie(tap), 20_000);
    await killIngest(tunna);
    acknowledgedAtDeath = tap.acknowledged;
  }
  await untilConnected(tunna, 2);
  await publishAll(broker.port, 'bins/dev-1/up', [body(99)]);
  await vi.waitFor(
    async () => expect([...(await countStored(tunna)).keys()]).toContain('load-99'),
    20_000,
  );
  return { acknowledgedAtDeath, stored: [...(await countStored(tunna)).keys()] };
}

function body(number: number): string {
  const reading = { boot: `load-${number}`, seq: 0, fillPercent: number % 100 };
  return JSON.stringify({ ...reading, observedAt: Date.now() });
}

needs('mosquitto', 'mosquitto-clients')('kill -9 of ingest while a source sends', () => {
  test('loses nothing that was on its way to the disk: the broker sends it again', async () => {
    const { acknowledgedAtDeath, stored } = await killAtTheDisk({}, ({ delivered }) =>
      expect(delivered).toBe(20),
    );
    expect(acknowledgedAtDeath).toBe(0);
    expect(stored).toHaveLength(21);
  });

  test('loses it when acknowledgements come early, which this test would see', async () => {
    const { acknowledgedAtDeath, stored } = await killAtTheDisk(
      sabotageEnv('hasty-source'),
      ({ acknowledged }) => expect(acknowledged).toBe(20),
    );
    expect(acknowledgedAtDeath).toBe(20);
    expect(stored).toEqual(['load-99']);
  });

  test('loses nothing that the source had taken, and stores nothing twice', async () => {
    await using broker = await startMosquitto({
      settings: ['max_queued_messages 1000000', 'max_inflight_messages 0'],
    });
    await using tunna = await startFetching(broker.url);
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
