import { statSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { drain } from '../system/conservation.ts';
import { startTunna } from '../system/running-tunna.ts';
import { addTown } from '../system/town-of-devices.ts';
import type { Credentials } from '../system/town-of-devices.ts';

const MIB = 1024 ** 2;
/** What a WAL is cut back to (`journal/journal-file.ts`, `store/sqlite-dialect.ts`), with a page or two of slack. */
const CUT_BACK_TO = 33 * MIB;
/** Clearly beyond that, so that there is something to cut back. */
const GROWN = 40 * MIB;
/** Large messages, so that few make a WAL grow. */
const FILLER = 'x'.repeat(12_000);
const IN_FLIGHT = 40;
const DEADLINE_MS = 120_000;

test(
  'a reader that holds a moment for long stops nobody; the WAL grows meanwhile and is cut back after',
  async () => {
    await using tunna = await startTunna();
    const credentials = await addTown(tunna, 1);
    const files = [
      path.join(tunna.dataFolder, 'tunna.sqlite'),
      path.join(tunna.dataFolder, 'journals/mqtt.sqlite'),
    ];
    const walBytes = (): number[] => files.map((file) => statSync(`${file}-wal`).size);
    await using load = await Load.start(tunna.mqttPort, credentials);
    await load.send();
    await drain(tunna);

    const held = [hold(files[0], 'uplinks'), hold(files[1], 'records')];
    const before = held.map((reader) => reader.count());
    await load.sendUntil(() => walBytes().every((bytes) => bytes > GROWN));
    const grown = walBytes();
    // Each still sees its moment, and everybody else has gone on.
    expect(held.map((reader) => reader.count())).toEqual(before);
    await drain(tunna);

    for (const reader of held) reader.release();
    await load.sendUntil(() => walBytes().every((bytes) => bytes < CUT_BACK_TO));
    await drain(tunna);
    const mib = (bytes: number): string => (bytes / MIB).toFixed(0);
    console.log(
      `WAL of database and journal: ${grown.map(mib).join(' and ')} MiB under a reader, ` +
        `${walBytes().map(mib).join(' and ')} MiB after it`,
    );
  },
  DEADLINE_MS * 2,
);

/** Holds a file as one moment shows it. */
function hold(file: string | undefined, table: string) {
  const database = new Sqlite(file, { readonly: true });
  database.exec('begin');
  const count = (): unknown => database.prepare(`select count(*) from ${table}`).pluck().get();
  count();
  return { count, release: () => database.close() };
}

/** A gateway that sends large messages, many at a time. Every one of them must be acknowledged. */
class Load implements AsyncDisposable {
  readonly #client: mqtt.MqttClient;
  #next = 0;

  private constructor(client: mqtt.MqttClient) {
    this.#client = client;
  }

  static async start(port: number, credentials: Credentials): Promise<Load> {
    return new Load(await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { ...credentials }));
  }

  async send(): Promise<void> {
    const observedAt = Date.now();
    const sent = Array.from({ length: IN_FLIGHT }, () => {
      const reading = { boot: `b${(this.#next += 1)}`, seq: 0, observedAt, fillPercent: 1 };
      const payload = JSON.stringify({ ...reading, filler: FILLER });
      return this.#client.publishAsync('bins/dev-0/up', payload, { qos: 1 });
    });
    await Promise.all(sent);
  }

  async sendUntil(isEnough: () => boolean): Promise<void> {
    const deadlineMs = performance.now() + DEADLINE_MS;
    while (!isEnough()) {
      if (performance.now() > deadlineMs) throw new Error('The WAL is not as it should be');
      await this.send();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.endAsync();
  }
}
