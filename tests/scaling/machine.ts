import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { closeStore, openStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';
import { canConnect } from '../servers/can-connect.ts';
import { freePort } from '../servers/free-port.ts';
import { privateFolder, ServerProcess, startServer } from '../servers/server-process.ts';
import { MAIN } from '../system/running-tunna.ts';

export interface MachineOptions {
  /** Names its folder. */
  readonly name: string;
  /** Path or URL. Absent: SQLite in the data folder. */
  readonly database?: string;
  /** Absent: one of its own. */
  readonly dataFolder?: string;
  /** Further settings, which may name files in the data folder. */
  readonly env?: (dataFolder: string) => Readonly<Record<string, string>>;
}

/** A machine on which parts of Tunna run, each started by itself as under a supervisor of an operator's own. */
export class Machine implements AsyncDisposable {
  readonly dataFolder: string;
  readonly mqttPort: number;
  readonly httpUrl: string;
  readonly ingestMetricsUrl: string;
  readonly #database: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #folder: string;
  readonly #parts: ServerProcess[] = [];

  private constructor(options: MachineOptions, folder: string, ports: readonly number[]) {
    const [mqtt = 0, http = 0, metrics = 0] = ports;
    this.#folder = folder;
    this.dataFolder = options.dataFolder ?? path.join(folder, 'data');
    this.mqttPort = mqtt;
    this.httpUrl = `http://127.0.0.1:${http}`;
    this.ingestMetricsUrl = `http://127.0.0.1:${metrics}/metrics`;
    this.#database = options.database ?? path.join(this.dataFolder, 'tunna.sqlite');
    const isUrl = options.database?.startsWith('postgres') === true;
    this.#env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TUNNA_DATA_DIR: this.dataFolder,
      TUNNA_HTTP_PORT: String(http),
      TUNNA_MQTT_PORT: String(mqtt),
      TUNNA_MQTT_WS_PORT: 'off',
      TUNNA_INGEST_METRICS_PORT: String(metrics),
      TUNNA_DEMO: '0',
      TUNNA_TILE_URL: 'off',
      ...(isUrl && { TUNNA_DATABASE_URL: this.#database }),
      ...options.env?.(this.dataFolder),
    };
  }

  /** Makes its folder, and the database's tables if they are not there. */
  static async open(options: MachineOptions): Promise<Machine> {
    const ports = [await freePort(), await freePort(), await freePort()];
    const machine = new Machine(options, await privateFolder(options.name), ports);
    // A test that takes too long ends before what disposes of it otherwise.
    onTestFinished(() => machine[Symbol.asyncDispose]());
    mkdirSync(machine.dataFolder, { recursive: true });
    await using opened = machine.openStore();
    await migrate(opened.store, Date.now());
    return machine;
  }

  openStore(): { readonly store: Store } & AsyncDisposable {
    const store = openStore(this.#database);
    return { store, [Symbol.asyncDispose]: () => closeStore(store) };
  }

  /** Starts a part; resolves when it does its work. It ends with the machine. */
  async start(part: 'broker' | 'ingest' | 'dashboard'): Promise<ServerProcess> {
    const plan = {
      name: part,
      program: { path: process.execPath, env: this.#env },
      args: [MAIN, part],
      port: this.mqttPort,
      folder: await privateFolder(part),
      isReady: () => this.#isReady(part),
    };
    const started = await startServer(new ServerProcess(plan));
    this.#parts.push(started);
    return started;
  }

  async #isReady(part: 'broker' | 'ingest' | 'dashboard'): Promise<boolean> {
    if (part === 'broker') return canConnect(this.mqttPort);
    const url = part === 'ingest' ? this.ingestMetricsUrl : `${this.httpUrl}/readyz`;
    return (await fetch(url)).ok;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.stop()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
