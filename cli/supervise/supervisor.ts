import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT, Refusal } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Addresses, PartName } from './part-message.ts';
import { SupervisedPart } from './supervised-part.ts';
import type { BackOff, PartEvents } from './supervised-part.ts';

export interface SupervisorOptions {
  /** In the order of starting. */
  readonly parts: readonly PartName[];
  readonly spawn: (part: PartName) => ChildProcess;
  readonly onLine: PartEvents['onLine'];
  readonly onRestart: PartEvents['onRestart'];
  /** It did not stop by the deadline. */
  readonly onKill?: (part: PartName) => void;
  readonly backOff?: BackOff;
  /** After this long a stop becomes a kill. */
  readonly stopDeadlineMs?: number;
}

const DEFAULT_BACK_OFF: BackOff = { firstMs: 1_000, mostMs: 30_000, healthyMs: 60_000 };
const DEFAULT_STOP_DEADLINE_MS = 4_500;

/** Who sends goes before who receives, so that nothing is refused at the end. */
const STOP_ORDER: readonly PartName[] = ['simulator', 'broker', 'ingest', 'dashboard'];

/** Runs the parts, each in a process of its own, and starts again what ends by itself. */
export class Supervisor {
  readonly #parts: ReadonlyMap<PartName, SupervisedPart>;
  readonly #stopDeadlineMs: number;
  readonly #onKill: (part: PartName) => void;
  readonly #addresses = new Map<PartName, Addresses>();
  readonly #ready = Promise.withResolvers<Addresses>();

  constructor(options: SupervisorOptions) {
    const { parts, spawn, onLine, onRestart, backOff = DEFAULT_BACK_OFF } = options;
    const events: PartEvents = {
      onLine,
      onRestart,
      onReady: (part, addresses) => this.#onReady(part, addresses),
      onHopeless: (part, message, exitCode) => this.#onHopeless(part, message, exitCode),
    };
    this.#parts = new Map(
      parts.map((name) => [name, new SupervisedPart(name, () => spawn(name), { backOff, events })]),
    );
    this.#stopDeadlineMs = options.stopDeadlineMs ?? DEFAULT_STOP_DEADLINE_MS;
    this.#onKill = options.onKill ?? (() => {});
    // Whoever never calls start() has no use for the rejection.
    this.#ready.promise.catch(() => {});
  }

  /**
   * Starts all parts. Resolves with their addresses once each has been ready. Rejects with a {@link Refusal} that has the
   * part's own message and exit code when one cannot start as things are; the others are still running then.
   */
  start(): Promise<Addresses> {
    for (const part of this.#parts.values()) part.start();
    return this.#ready.promise;
  }

  /** Id of a part's process while it runs. */
  pidOf(part: PartName): number | undefined {
    return this.#parts.get(part)?.pid;
  }

  /** Stops all parts, each before the next, and kills what still runs at the deadline. */
  async stop(): Promise<void> {
    const parts = STOP_ORDER.flatMap((name) => this.#parts.get(name) ?? []);
    // A service manager may signal all processes at once: who ends before its turn stays ended.
    for (const part of parts) part.stayEnded();
    const deadline = setTimeout(() => {
      for (const part of parts) if (part.kill()) this.#onKill(part.name);
    }, this.#stopDeadlineMs);
    // One that hangs must not use up the time of the others.
    const shareMs = this.#stopDeadlineMs / (parts.length + 1);
    const stopped: Promise<void>[] = [];
    for (const part of parts) {
      const gone = part.stop();
      stopped.push(gone);
      await Promise.race([gone, delay(shareMs, undefined, { ref: false })]);
    }
    await Promise.all(stopped);
    clearTimeout(deadline);
  }

  /** Ends all parts at once. What they have acknowledged is on disk. */
  kill(): void {
    for (const part of this.#parts.values()) {
      part.stayEnded();
      part.kill();
    }
  }

  #onReady(part: PartName, addresses: Addresses): void {
    this.#addresses.set(part, addresses);
    if (this.#addresses.size < this.#parts.size) return;
    this.#ready.resolve(Object.assign({}, ...this.#addresses.values()));
  }

  #onHopeless(part: PartName, message: string, exitCode: number): void {
    const code = Object.values(EXIT).find((known): known is ExitCode => known === exitCode);
    this.#ready.reject(new Refusal(code ?? EXIT.failure, `${part}: ${message}`));
  }
}
