import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import Sqlite from 'better-sqlite3';
import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import mqttPacket from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';
import { pino } from 'pino';
import { expect, vi } from 'vitest';
import { openJournalReader } from '../../journal/reader.ts';
import type { JournalRecord } from '../../journal/record.ts';
import { closeStore, openStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';
import { createToken, savePrincipal } from '../../store/principals.ts';
import type { Principal } from '../../store/principals.ts';
import { createBroker } from '../broker.ts';
import type { Broker } from '../broker.ts';
import type { BrokerOptions, BrokerPorts } from '../broker-options.ts';

/** A store, a broker on loopback and its clients, for tests. Dispose of it and nothing is left. */
export class TestTown implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tunna-broker-'));
  readonly store: Store;
  readonly journalFile = join(this.folder, 'journals', 'mqtt.sqlite');
  readonly #clients: MqttClient[] = [];
  readonly #peers: RawPeer[] = [];
  broker!: Broker;
  ports!: BrokerPorts;

  private constructor(store: (folder: string) => Store) {
    this.store = store(this.folder);
  }

  static async open(options: Partial<BrokerOptions> = {}): Promise<TestTown> {
    const town = new TestTown((folder) => openStore(join(folder, 'tunna.sqlite')));
    await migrate(town.store, Date.now());
    await town.startBroker(options);
    return town;
  }

  async startBroker(options: Partial<BrokerOptions> = {}): Promise<void> {
    this.broker = createBroker({
      store: this.store,
      journalFolder: join(this.folder, 'journals'),
      host: '127.0.0.1',
      mqttPort: 0,
      wsPort: null,
      open: false,
      now: Date.now,
      log: pino({ level: 'silent' }),
      ...options,
    });
    this.ports = await this.broker.start();
  }

  /** Adds a principal and returns its token. */
  async add(
    id: string,
    kind: Principal['kind'] = 'device',
    more: Partial<Principal> = {},
  ): Promise<string> {
    const token = createToken();
    await savePrincipal(this.store, { id, kind, prefixes: [], backfill: false, ...more }, token);
    return token;
  }

  /** Connects, or rejects with the reason. Does not come back by itself after a disconnect. */
  async connect(
    username: string | undefined,
    password: string | undefined,
    options: IClientOptions = {},
    url = `mqtt://127.0.0.1:${this.ports.mqttPort}`,
  ): Promise<MqttClient> {
    const client = mqtt.connect(url, {
      reconnectPeriod: 0,
      connectTimeout: 5_000,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...options,
    });
    this.#clients.push(client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
      client.once('close', () => reject(new Error('closed')));
    });
    client.on('error', () => {});
    return client;
  }

  /** A client on the MQTT port, from any address of this machine. */
  async openPeer(localAddress?: string): Promise<RawPeer> {
    const peer = new RawPeer(await this.openSocket(this.ports.mqttPort, localAddress));
    this.#peers.push(peer);
    return peer;
  }

  /** One whose CONNECT has been accepted. */
  async connectPeer(...login: Parameters<typeof connectPacket>): Promise<RawPeer> {
    const peer = await this.openPeer();
    peer.sendConnect(...login);
    await vi.waitFor(() => expect(peer.of('connack')[0]?.returnCode).toBe(0), 10_000);
    return peer;
  }

  async openSocket(port: number, localAddress = '127.0.0.1'): Promise<Socket> {
    const socket = connectSocket({ port, host: '127.0.0.1', localAddress });
    await once(socket, 'connect');
    return socket;
  }

  /** What another process would read from the journal now. */
  readJournal(): readonly JournalRecord[] {
    const reader = openJournalReader(this.journalFile);
    try {
      return reader.read(0, 100_000).records;
    } finally {
      reader.close();
    }
  }

  countJournal(): number {
    const database = new Sqlite(this.journalFile, { readonly: true });
    const count = database.prepare<[], number>('select count(*) from records').pluck().get();
    database.close();
    return count ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.end(true);
    for (const peer of this.#peers) peer.socket.destroy();
    await this.broker.stop();
    await closeStore(this.store);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A client that says exactly what it is told to, byte for byte. */
export class RawPeer {
  readonly socket: Socket;
  readonly received: Packet[] = [];
  closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    const parser = mqttPacket.parser();
    parser.on('packet', (packet) => this.received.push(packet));
    socket.on('data', (bytes) => parser.parse(bytes));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
    });
  }

  send(...packets: Packet[]): void {
    this.socket.write(Buffer.concat(packets.map((packet) => mqttPacket.generate(packet))));
  }

  sendConnect(...args: Parameters<typeof connectPacket>): void {
    this.send(connectPacket(...args));
  }

  of<Cmd extends Packet['cmd']>(cmd: Cmd): Extract<Packet, { cmd: Cmd }>[] {
    // Safe: the filter keeps this command only.
    return this.received.filter((packet) => packet.cmd === cmd) as Extract<Packet, { cmd: Cmd }>[];
  }
}

/** A PUBLISH as mqtt-packet writes it. */
export function publishPacket(
  topic: string,
  payload: string | Buffer,
  more: Partial<mqttPacket.IPublishPacket> = {},
): mqttPacket.IPublishPacket {
  return {
    cmd: 'publish',
    topic,
    payload,
    qos: 1,
    messageId: 1,
    dup: false,
    retain: false,
    ...more,
  };
}

/** A CONNECT as mqtt-packet writes it. */
export function connectPacket(
  username: string,
  password: string,
  more: Partial<mqttPacket.IConnectPacket> = {},
): mqttPacket.IConnectPacket {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId: 'raw',
    clean: true,
    keepalive: 0,
    username,
    password: Buffer.from(password),
    ...more,
  };
}

/** Resolves when the client is disconnected. */
export function closeOf(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()));
}
