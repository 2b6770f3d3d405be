import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Program } from './programs.ts';

/** What a server needs in order to start, and how to tell that it has. */
export interface ServerPlan {
  readonly name: string;
  readonly program: Program;
  readonly args: readonly string[];
  readonly port: number;
  /** Private folder, removed by `stop()`. */
  readonly folder: string;
  /** Resolves to true once the server answers. May throw, which counts as false. */
  readonly isReady: () => Promise<boolean>;
  /** Run as this user instead of as ourselves. */
  readonly userId?: number;
  readonly groupId?: number;
  readonly stopSignal?: NodeJS.Signals;
  /** Within which it must answer; half a minute if not said. */
  readonly readyWithinMs?: number;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Only for what hangs: a start takes two seconds, and on a machine that does much else many times that. */
const READY_DEADLINE_MS = 80_000;
const STOP_DEADLINE_MS = 20_000;
const POLL_EVERY_MS = 25;
const LOG_TAIL_CHARS = 4_000;

/** Servers still running when this process ends, which must not outlive it. */
const running = new Set<ChildProcess>();
process.on('exit', killRunning);
// How a test run ends a process whose tests hang; by itself it would end without a word to them.
for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    killRunning();
    process.kill(process.pid, signal);
  });
}

function killRunning(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** A real server in a process of its own, on 127.0.0.1, with a private folder that dies with it. */
export class ServerProcess implements AsyncDisposable {
  readonly port: number;
  readonly folder: string;
  readonly #plan: ServerPlan;
  #child: ChildProcess | undefined;
  #hasRun = false;

  constructor(plan: ServerPlan) {
    this.#plan = plan;
    this.port = plan.port;
    this.folder = plan.folder;
  }

  /** The process id, for tests that stop or trace the server. @throws when it is not running. */
  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.#plan.name} is not running`);
    return pid;
  }

  /** Starts the server, or starts it again on the same port and data. @throws with its log when it does not answer. */
  async start(): Promise<void> {
    const deadlineMs = performance.now() + (this.#plan.readyWithinMs ?? READY_DEADLINE_MS);
    let child = this.#spawn();
    while (performance.now() < deadlineMs) {
      if (!isAlive(child)) {
        if (!this.#hasRun) break;
        // What a crash left behind, such as PostgreSQL's own children, may hold the data for a moment longer.
        child = this.#spawn();
      }
      if (await this.#plan.isReady().catch(() => false)) {
        this.#hasRun = true;
        return;
      }
      await wait(POLL_EVERY_MS);
    }
    const how = isAlive(child)
      ? 'did not answer'
      : `ended early (${child.exitCode ?? child.signalCode})`;
    const log = this.#logTail();
    await this.crash();
    throw new Error(`${this.#plan.name} ${how}. Its log:\n${log}`);
  }

  /** Resolves once the server answers, for tests that have harmed it and wait until it has come round. */
  async waitUntilReady(): Promise<void> {
    const deadlineMs = performance.now() + READY_DEADLINE_MS;
    while (!(await this.#plan.isReady().catch(() => false))) {
      if (performance.now() > deadlineMs) {
        throw new Error(`${this.#plan.name} did not come back:\n${this.#logTail()}`);
      }
      await wait(POLL_EVERY_MS);
    }
  }

  /** Everything the server has written so far. */
  logText(): string {
    return readFileSync(this.#logFile(), 'utf8');
  }

  /** Kills it as a power cut would, keeping its folder; `start()` brings it back. */
  async crash(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends it in good order, keeping its folder; `start()` brings it back. Says how it ended, if it was running. */
  async shutDown(): Promise<Ending | undefined> {
    return await this.#end(this.#plan.stopSignal ?? 'SIGTERM');
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    await this.shutDown();
    await rm(this.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #logTail(): string {
    return this.logText().slice(-LOG_TAIL_CHARS);
  }

  #logFile(): string {
    return path.join(this.folder, 'server.log');
  }

  #spawn(): ChildProcess {
    if (this.#child && isAlive(this.#child))
      throw new Error(`${this.#plan.name} is already running`);
    const { program, args, userId, groupId } = this.#plan;
    const log = openSync(this.#logFile(), 'a');
    const child = spawn(program.path, args, {
      cwd: this.folder,
      env: program.env,
      stdio: ['ignore', log, log],
      ...(userId === undefined ? {} : { uid: userId }),
      ...(groupId === undefined ? {} : { gid: groupId }),
    });
    closeSync(log);
    // Without a listener a program that cannot be started would end the tests; start() reports it instead.
    child.on('error', () => running.delete(child));
    child.on('exit', () => running.delete(child));
    running.add(child);
    this.#child = child;
    return child;
  }

  async #end(signal: NodeJS.Signals): Promise<Ending | undefined> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || !isAlive(child)) return undefined;
    const ended = once(child, 'exit');
    const patience = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    // A process halted by a test would not notice any other signal.
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
    clearTimeout(patience);
    return { code: child.exitCode, signal: child.signalCode };
  }
}

/** Starts a server, or removes its folder again. */
export async function startServer<Server extends ServerProcess>(server: Server): Promise<Server> {
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** A new private folder, owned by the given user if there is one. */
export async function privateFolder(
  name: string,
  userId?: number,
  groupId?: number,
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), `tunna-${name}-`));
  if (userId !== undefined && groupId !== undefined) await chown(folder, userId, groupId);
  return folder;
}

function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
