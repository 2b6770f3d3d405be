import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import { expect, vi } from 'vitest';
import { MAIN } from './running-tunna.ts';
import type { RunningTunna } from './running-tunna.ts';
import type { Credentials } from './town-of-devices.ts';

const waitLong = { timeout: 30_000, interval: 100 };

async function run(tunna: RunningTunna, ...args: readonly string[]): Promise<unknown> {
  const { env } = tunna;
  const all = [MAIN, 'command', ...args, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, all, { env, cwd: tunna.folder });
  return JSON.parse(stdout);
}

/** Asks a device for something, as an operator does on the command line. Resolves with the command's id. */
export async function sendCommand(
  tunna: RunningTunna,
  ...args: readonly string[]
): Promise<string> {
  // Safe: the command prints what it has queued.
  const { id } = (await run(tunna, 'send', ...args)) as { readonly id: string };
  return id;
}

/** Waits until a command is as expected. */
export async function expectCommand(
  tunna: RunningTunna,
  id: string,
  expected: object,
): Promise<void> {
  await using opened = tunna.openStore();
  await vi.waitFor(async () => {
    const rows = opened.store.db.selectFrom('commands').selectAll().where('id', '=', id);
    expect(await rows.executeTakeFirst()).toMatchObject(expected);
  }, waitLong);
}

export interface Message {
  readonly topic: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** A client that stays, with what it has been sent. */
export class Peer implements Disposable {
  readonly received: Message[] = [];
  readonly client: MqttClient;

  private constructor(client: MqttClient) {
    this.client = client;
    client.on('message', (topic, payload) => {
      // Safe: commands are JSON objects.
      this.received.push({ topic, document: JSON.parse(String(payload)) as Message['document'] });
    });
  }

  static async connect(
    port: number,
    session: Partial<Credentials> & { readonly clientId?: string; readonly clean?: boolean } = {},
  ): Promise<Peer> {
    const options = { ...session, reconnectPeriod: 100 };
    return new Peer(await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, options));
  }

  async publish(topic: string, document: object): Promise<void> {
    await this.client.publishAsync(topic, JSON.stringify(document), { qos: 1 });
  }

  async waitFor(count: number): Promise<Message> {
    await vi.waitFor(() => expect(this.received.length).toBeGreaterThanOrEqual(count), waitLong);
    const message = this.received[count - 1];
    if (message === undefined) throw new Error('there is no such message');
    return message;
  }

  [Symbol.dispose](): void {
    this.client.end(true);
  }
}

/** Once ingest has stored something of it, the way back to a device is known. */
export async function waitUntilHeard(tunna: RunningTunna, deviceId: string): Promise<void> {
  await using opened = tunna.openStore();
  await vi.waitFor(async () => {
    const rows = opened.store.db
      .selectFrom('uplinks')
      .select('id')
      .where('device_id', '=', deviceId);
    expect(await rows.execute()).not.toHaveLength(0);
  }, waitLong);
}
