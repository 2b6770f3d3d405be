import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type BrokerAddress, Connection } from './connection.ts';
import { type HistoryOptions, type HistoryUplink, historyUplinks } from './history.ts';

export interface HistorySenderOptions {
  readonly broker: BrokerAddress;
  readonly principal: { readonly id: string; readonly token: string };
  readonly history: HistoryOptions;
  /** Newest step to be sent; -1 sends nothing. */
  readonly fromStep: number;
  readonly log: Logger;
}

/** Enough to hide the journal's fsync, small enough that live readings never wait behind a heap. */
const MAX_IN_FLIGHT = 500;
/** From here on more is sent, many messages in one packet: one at a time would cost both ends twice as much. */
const REFILL_BELOW = 250;
/** About what ingest stores. A journal takes more: faster than this, live readings would queue up behind the past. */
const MAX_PER_SECOND = 15_000;
/** Shorter pauses than a timer keeps are not worth making. */
const SHORTEST_PAUSE_MS = 20;

/** Writes the town's past, newest first, and knows how far the broker has acknowledged it. */
export class HistorySender {
  readonly #options: HistorySenderOptions;
  readonly #connection: Connection;
  /** Unacknowledged messages by step. */
  readonly #pending = new Map<number, number>();
  #currentStep: number;
  #stopped = false;
  #wake: (() => void) | undefined;
  #sent = 0;

  constructor(options: HistorySenderOptions) {
    this.#options = options;
    this.#currentStep = options.fromStep;
    const { broker, principal, log } = options;
    this.#connection = new Connection({
      broker,
      principalId: principal.id,
      token: principal.token,
      log,
    });
  }

  /** Newest step of which not every message is acknowledged; -1 when all are. */
  get nextStep(): number {
    return Math.max(this.#currentStep, ...this.#pending.keys());
  }

  get sent(): number {
    return this.#sent;
  }

  /** Sends everything, and returns when it is acknowledged or `stop` was called. */
  async run(): Promise<void> {
    const { history, fromStep } = this.#options;
    if (fromStep < 0) return;
    this.#connection.open();
    const startedMs = performance.now();
    for (const uplink of historyUplinks(history, fromStep)) {
      if (this.#connection.inFlight >= MAX_IN_FLIGHT) await this.#fallTo(REFILL_BELOW);
      const earlyMs = (this.#sent / MAX_PER_SECOND) * 1000 - (performance.now() - startedMs);
      if (earlyMs > SHORTEST_PAUSE_MS) await wait(earlyMs);
      if (this.#stopped) return;
      this.#currentStep = uplink.step;
      this.#publish(uplink);
    }
    await this.#fallTo(0);
    if (this.#stopped) return;
    this.#currentStep = -1;
    await this.#connection.close();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#connection.close();
  }

  /** A message that failed stays pending, so that the next start sends its step again. */
  #publish(uplink: HistoryUplink): void {
    const { step } = uplink;
    this.#sent += 1;
    this.#pending.set(step, (this.#pending.get(step) ?? 0) + 1);
    this.#connection.publish(uplink, (acknowledged) => {
      if (acknowledged) this.#settle(step);
      this.#wake?.();
    });
  }

  #settle(step: number): void {
    const left = (this.#pending.get(step) ?? 1) - 1;
    if (left === 0) this.#pending.delete(step);
    else this.#pending.set(step, left);
  }

  /** Waits until no more than so many messages are under way. */
  async #fallTo(count: number): Promise<void> {
    while (!this.#stopped && this.#connection.inFlight > count) await this.#change();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
