import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { EXIT } from '../exit-codes.ts';
import { PartMessage } from './part-message.ts';
import type { Addresses, PartName } from './part-message.ts';

/** How long to wait before a part that ended is started again. */
export interface BackOff {
  readonly firstMs: number;
  readonly mostMs: number;
  /** After having run this long, the next failure counts as the first. */
  readonly healthyMs: number;
}

/** What a supervised part tells of itself. */
export interface PartEvents {
  onLine(part: PartName, line: string, stream: 'stdout' | 'stderr'): void;
  onReady(part: PartName, addresses: Addresses): void;
  /** It ended by itself and is started again. */
  onRestart(part: PartName, how: string, delayMs: number): void;
  /** It cannot start at all, and trying again will not help. */
  onHopeless(part: PartName, message: string, exitCode: number): void;
}

/** With these exit codes a part says that it cannot start as things are. */
const HOPELESS: readonly number[] = [EXIT.usage, EXIT.unavailable, EXIT.config];

/** One part in a child process, started again with growing pauses whenever it ends by itself. */
export class SupervisedPart {
  readonly name: PartName;
  readonly #spawn: () => ChildProcess;
  readonly #backOff: BackOff;
  readonly #events: PartEvents;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #restart: NodeJS.Timeout | undefined;
  #stopping = false;
  #wasReady = false;
  #failures = 0;
  #startedAtMs = 0;
  #refusal: string | undefined;

  constructor(
    name: PartName,
    spawn: () => ChildProcess,
    options: { readonly backOff: BackOff; readonly events: PartEvents },
  ) {
    this.name = name;
    this.#spawn = spawn;
    this.#backOff = options.backOff;
    this.#events = options.events;
  }

  /** Id of the running process. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const child = this.#spawn();
    this.#child = child;
    this.#startedAtMs = performance.now();
    this.#refusal = undefined;
    this.#forwardLines(child);
    child.on('message', (message) => this.#onMessage(message));
    this.#ended = new Promise((resolve) => {
      let isOver = false;
      const end = (how: string, code: number | null): void => {
        if (isOver) return;
        isOver = true;
        this.#child = undefined;
        resolve();
        this.#onEnd(how, code);
      };
      // 'close' comes after the last line of output, unlike 'exit'.
      child.once('close', (code, signal) => end(describeEnd(code, signal), code));
      child.once('error', (error) => end(error.message, null));
    });
  }

  /** From now on it is not started again. */
  stayEnded(): void {
    this.#stopping = true;
    clearTimeout(this.#restart);
  }

  /** Asks it to stop. Resolves when its process is gone; call {@link kill} when that takes too long. */
  stop(): Promise<void> {
    this.stayEnded();
    this.#child?.kill('SIGTERM');
    return this.#ended;
  }

  /** Returns whether there was a process to kill. */
  kill(): boolean {
    return this.#child?.kill('SIGKILL') ?? false;
  }

  #forwardLines(child: ChildProcess): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const input = child[stream];
      if (input === null) continue;
      createInterface({ input }).on('line', (line) => this.#events.onLine(this.name, line, stream));
    }
  }

  #onMessage(message: unknown): void {
    const parsed = PartMessage.safeParse(message);
    if (!parsed.success) return;
    if (parsed.data.kind === 'refused') {
      this.#refusal = parsed.data.message;
      return;
    }
    this.#wasReady = true;
    this.#events.onReady(this.name, parsed.data.addresses);
  }

  #onEnd(how: string, code: number | null): void {
    if (this.#stopping) return;
    if (!this.#wasReady && code !== null && HOPELESS.includes(code)) {
      this.#events.onHopeless(this.name, this.#refusal ?? how, code);
      return;
    }
    const ranMs = performance.now() - this.#startedAtMs;
    this.#failures = ranMs >= this.#backOff.healthyMs ? 1 : this.#failures + 1;
    const delayMs = Math.min(
      this.#backOff.firstMs * 2 ** (this.#failures - 1),
      this.#backOff.mostMs,
    );
    this.#restart = setTimeout(() => this.start(), delayMs);
    this.#events.onRestart(this.name, this.#refusal ?? how, delayMs);
  }
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with exit code ${code ?? 'unknown'}` : `was killed by ${signal}`;
}
