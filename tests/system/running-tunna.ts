import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { closeStore, openStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { findUnaccounted } from './conservation.ts';
import { freePort } from '../servers/free-port.ts';
import { privateFolder, ServerProcess, startServer } from '../servers/server-process.ts';

/** The command, as a script for Node. */
export const MAIN = path.resolve(import.meta.dirname, '../../cli/main.ts');

export type PartName = 'broker' | 'ingest' | 'dashboard' | 'simulate';

/** `tunna start` in processes of its own, on free ports, with a data folder that goes away with it. */
export class RunningTunna extends ServerProcess {
  readonly httpUrl: string;
  readonly mqttPort: number;
  readonly mqttWsPort: number;
  readonly env: NodeJS.ProcessEnv;
  #hasBeenReady = false;
  #isKeepingBooks = true;

  constructor(plan: ConstructorParameters<typeof ServerProcess>[0], ports: Ports) {
    super(plan);
    this.httpUrl = `http://127.0.0.1:${ports.http}`;
    this.mqttPort = ports.mqtt;
    this.mqttWsPort = ports.mqttWs;
    this.env = plan.program.env;
  }

  get dataFolder(): string {
    return path.join(this.folder, 'data');
  }

  /** Where the database is: a file, or the URL of the settings. */
  get #database(): string {
    return this.env['TUNNA_DATABASE_URL'] ?? path.join(this.dataFolder, 'tunna.sqlite');
  }

  /** A second look at the database, as a process beside the others. */
  openStore(): { readonly store: Store } & AsyncDisposable {
    const store = openStore(this.#database);
    return { store, [Symbol.asyncDispose]: () => closeStore(store) };
  }

  override async start(): Promise<void> {
    await super.start();
    this.#hasBeenReady = true;
  }

  /** For tests that break on purpose what {@link stop} otherwise insists on. */
  expectBrokenBooks(): void {
    this.#isKeepingBooks = false;
  }

  /**
   * Ends it and removes its folder. Throws, whatever the test was about, when not everything that was ever acknowledged is
   * stored, a copy, set aside or waiting.
   */
  override async stop(): Promise<void> {
    await this.shutDown();
    const wrong = await this.#findUnaccounted();
    await super.stop();
    if (wrong.length > 0) throw new Error(`Messages are not accounted for: ${wrong.join(', ')}`);
  }

  async #findUnaccounted(): Promise<string[]> {
    if (!this.#hasBeenReady || !this.#isKeepingBooks) return [];
    await using opened = this.openStore();
    return await findUnaccounted(opened.store, this.dataFolder);
  }

  /** Process id of a part, or `undefined` while it is not running. */
  findPart(name: PartName): number | undefined {
    return childrenOf(this.pid).find((pid) => commandLine(pid).at(-1) === name);
  }

  /** `kill -9` of a part. Returns the pid it had. */
  killPart(name: PartName): number {
    const pid = this.findPart(name);
    if (pid === undefined) throw new Error(`${name} is not running`);
    process.kill(pid, 'SIGKILL');
    return pid;
  }

  /** The answer of an API route under `/api/v1`, parsed. */
  async getJson(route: string): Promise<unknown> {
    const answer = await fetch(`${this.httpUrl}/api/v1${route}`);
    if (!answer.ok) throw new Error(`${route} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}

interface Ports {
  readonly http: number;
  readonly mqtt: number;
  readonly mqttWs: number;
}

/** Starts Tunna without a demo town unless `env` says otherwise. Resolves when it is ready. */
export async function startTunna(env: Record<string, string> = {}): Promise<RunningTunna> {
  const ports = { http: await freePort(), mqtt: await freePort(), mqttWs: await freePort() };
  const folder = await privateFolder('tunna');
  const program = {
    path: process.execPath,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TUNNA_DATA_DIR: path.join(folder, 'data'),
      TUNNA_HTTP_PORT: String(ports.http),
      TUNNA_MQTT_PORT: String(ports.mqtt),
      TUNNA_MQTT_WS_PORT: String(ports.mqttWs),
      TUNNA_DEMO: '0',
      ...env,
    },
  };
  const isReady = async (): Promise<boolean> => {
    const answers = await Promise.all([
      // With a certificate of the test's own, which fetch would not trust, listening has to do.
      env['TUNNA_TLS_CERT'] === undefined
        ? fetch(`http://127.0.0.1:${ports.http}/readyz`).then((answer) => answer.ok)
        : isListening(ports.http),
      env['TUNNA_BROKER'] === 'external' || isListening(ports.mqtt),
    ]);
    return answers.every(Boolean);
  };
  return startServer(
    new RunningTunna(
      { name: 'tunna', program, args: [MAIN, 'start'], port: ports.http, folder, isReady },
      ports,
    ),
  );
}

/** Whether something accepts connections on a port of this machine. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** Process ids of the direct children of a process. */
export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

/** Process ids of a group of processes, such as everything that a command typed into a shell has started. */
export function membersOfGroup(group: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const [state, , pidsGroup] = statOf(pid);
      // One that has ended and is not yet reaped by its parent counts as gone.
      return state !== 'Z' && Number(pidsGroup) === group;
    });
}

function parentOf(pid: number): number | undefined {
  const [, parent] = statOf(pid);
  return parent === undefined ? undefined : Number(parent);
}

/** Fields of `/proc/PID/stat` from the third on, after the name in brackets; empty when the process is gone. */
function statOf(pid: number): string[] {
  const stat = readProc(pid, 'stat');
  return stat === undefined ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function commandLine(pid: number): string[] {
  return (readProc(pid, 'cmdline') ?? '').split('\0').filter((part) => part !== '');
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
