import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { followChanges } from '../../store/change-feed.ts';
import { newestChange } from '../../store/changes.ts';
import { noteSent } from '../../store/command-events.ts';
import {
  claimCommand,
  listSendable,
  releaseClaims,
  renewClaims,
  undoClaim,
} from '../../store/command-sending.ts';
import { CLAIM_MS } from '../../store/commands.ts';
import type { Store } from '../../store/database.ts';
import type { CommandRow } from '../../store/schema.ts';
import { sourceDoor } from '../sources/mqtt-source.ts';
import type { MqttSources } from '../sources/mqtt-sources.ts';
import { SourceNotConnectedError } from '../sources/source-client.ts';

export interface SourceSenderOptions {
  readonly store: Store;
  /** Names of the sources that are fetched from other brokers. */
  readonly names: readonly string[];
  readonly publish: MqttSources['publish'];
  readonly now: () => number;
  readonly log: Pick<Logger, 'warn'>;
}

/** Often enough that a claim never runs out in the hand of a living process. */
const TICK_MS = CLAIM_MS / 3;
const COMMANDS_PER_ROUND = 50;

/**
 * Publishes the commands for devices that sources hear, each to the broker of its source at quality of service 1, and notes
 * them as sent at the PUBACK. One that is not connected is tried again until the command expires.
 */
export class SourceSender {
  readonly #options: SourceSenderOptions;
  /** Unique to this process, since claims outlive it. */
  readonly #holder = randomUUID();
  readonly #ending = new AbortController();
  readonly #rounds = new Map<string, Promise<void>>();
  /** Sources with a round that has not begun: it will see whatever happens until then. */
  readonly #awaited = new Set<string>();
  readonly #inHand = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #following: Promise<void> = Promise.resolve();

  constructor(options: SourceSenderOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { store, names } = this.#options;
    if (names.length === 0) return;
    this.#following = followChanges(store, {
      afterSeq: await newestChange(store),
      signal: this.#ending.signal,
      onError: (error) => this.#warn(error),
      onChanges: (changes) => {
        if (changes.some(({ kind }) => kind === 'command')) this.#wake();
      },
    });
    this.#timer = setInterval(() => {
      void this.#renew();
      this.#wake();
    }, TICK_MS);
    this.#wake();
  }

  /** To be called once the sources have stopped, so that nothing waits for a PUBACK. */
  async stop(): Promise<void> {
    this.#ending.abort();
    clearInterval(this.#timer);
    await Promise.all([this.#following, ...this.#rounds.values()]);
  }

  /** One source that is slow keeps none of the others waiting. */
  #wake(): void {
    if (this.#ending.signal.aborted) return;
    for (const name of this.#options.names) {
      if (this.#awaited.has(name)) continue;
      this.#awaited.add(name);
      const before = this.#rounds.get(name) ?? Promise.resolve();
      const round = before
        .then(() => {
          this.#awaited.delete(name);
          return this.#sendAll(name);
        })
        .catch((error: unknown) => this.#warn(error));
      this.#rounds.set(name, round);
    }
  }

  async #sendAll(name: string): Promise<void> {
    const { store, now } = this.#options;
    const at = { door: sourceDoor(name) };
    for (const command of await listSendable(store, at, now(), COMMANDS_PER_ROUND)) {
      if (this.#ending.signal.aborted) return;
      const claim = { holder: this.#holder, nowMs: now() };
      if (!(await claimCommand(store, command.id, claim))) continue;
      if (!(await this.#send(name, command))) return;
    }
  }

  /** Whether the source's broker has it. */
  async #send(name: string, command: CommandRow): Promise<boolean> {
    const { store, publish, now } = this.#options;
    this.#inHand.add(command.id);
    try {
      await publish(name, { topic: command.topic, payload: command.payload, qos: 1 });
      await noteSent(store, command, now());
      return true;
    } catch (error) {
      await this.#giveBack(command.id, error);
      return false;
    } finally {
      this.#inHand.delete(command.id);
    }
  }

  async #giveBack(id: string, error: unknown): Promise<void> {
    const { store } = this.#options;
    if (error instanceof SourceNotConnectedError) return undoClaim(store, id, this.#holder);
    this.#warn(error);
    // Perhaps it has arrived: then it is published twice, which is better than not at all.
    await releaseClaims(store, [id], this.#holder);
  }

  async #renew(): Promise<void> {
    const { store, now } = this.#options;
    const claim = { holder: this.#holder, nowMs: now() };
    await renewClaims(store, [...this.#inHand], claim).catch((error: unknown) => this.#warn(error));
  }

  #warn(error: unknown): void {
    this.#options.log.warn({ err: error }, 'a command could not be sent; it will be tried again');
  }
}
