import { randomUUID } from 'node:crypto';
import type { Aedes, Client } from 'aedes';
import type { Change } from '../store/changes.ts';
import { noteSent } from '../store/command-events.ts';
import {
  claimCommand,
  listAwaited,
  listSendable,
  releaseClaims,
  renewClaims,
  undoClaim,
} from '../store/command-sending.ts';
import { CLAIM_MS, BROKER_DOOR } from '../store/commands.ts';
import type { Store } from '../store/database.ts';
import type { CommandRow } from '../store/schema.ts';
import { findListener } from './command-listener.ts';
import type { Listener } from './command-listener.ts';
import { forgetQueued } from './forget-queued.ts';
import type { Sessions } from './sessions.ts';

export interface CommandOutputOptions {
  readonly store: Store;
  readonly aedes: Aedes;
  readonly sessions: Sessions;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** Often enough that a claim never runs out in the hand of a living process. */
const TICK_MS = CLAIM_MS / 3;

const COMMANDS_PER_PAGE = 50;

/**
 * Publishes the commands that wait in the store, each to one connection of the principal that speaks for its device, and
 * notes them as sent when that connection has acknowledged. A connection has one command in flight, so they keep their
 * order. Who is away gets them when it is back; nothing waits in the broker's memory.
 */
export class CommandOutput {
  readonly #options: CommandOutputOptions;
  /** Unique to this process, since claims outlive it. */
  readonly #holder = randomUUID();
  /** What a connection has not acknowledged yet. */
  readonly #inFlight = new Map<Client, CommandRow>();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  /** A round that has not begun will see whatever happens until then. */
  #isAwaited = false;
  #stopped = false;

  constructor(options: CommandOutputOptions) {
    this.#options = options;
  }

  start(): void {
    const { aedes } = this.#options;
    aedes.on('subscribe', this.#wake);
    aedes.on('clientReady', this.#wake);
    aedes.on('ack', this.#noteAck);
    aedes.on('clientDisconnect', this.#noteGone);
    this.#timer = setInterval(() => {
      this.#enqueue(() => this.#renew());
      this.#wake();
    }, TICK_MS);
    this.#wake();
  }

  /** Ends after the round under way; what is in flight may be sent by another broker at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const { aedes, store } = this.#options;
    aedes.off('subscribe', this.#wake);
    aedes.off('clientReady', this.#wake);
    aedes.off('ack', this.#noteAck);
    aedes.off('clientDisconnect', this.#noteGone);
    clearInterval(this.#timer);
    await this.#round;
    const ids = [...this.#inFlight.values()].map(({ id }) => id);
    await releaseClaims(store, ids, this.#holder).catch(this.#options.onError);
  }

  noteChanges(changes: readonly Change[]): void {
    if (changes.some(({ kind }) => kind === 'command')) this.#wake();
  }

  readonly #wake = (): void => {
    if (this.#isAwaited || this.#stopped) return;
    this.#isAwaited = true;
    this.#enqueue(() => {
      this.#isAwaited = false;
      return this.#sendAll();
    });
  };

  /** Whatever touches the store happens one after the other. */
  #enqueue(work: () => Promise<void>): void {
    this.#round = this.#round.then(work).catch(this.#options.onError);
  }

  async #sendAll(): Promise<void> {
    const { store, now, sessions } = this.#options;
    for (const principal of await listAwaited(store, now())) {
      if (this.#stopped) return;
      if (sessions.ofPrincipal(principal).length > 0) await this.#sendTo(principal);
    }
  }

  /** Looks behind commands that nobody listens for, until one has a listener: its acknowledgement brings the next. */
  async #sendTo(principal: string): Promise<void> {
    const { store, now, sessions } = this.#options;
    let after: CommandRow | undefined;
    for (;;) {
      const at = { door: BROKER_DOOR, principal, after };
      const commands = await listSendable(store, at, now(), COMMANDS_PER_PAGE);
      let isHeard = false;
      for (const command of commands) {
        const listener = findListener(sessions, command);
        if (listener === undefined) continue;
        isHeard = true;
        // Not another connection while the one it is for is busy: commands would overtake each other.
        if (!this.#inFlight.has(listener.client)) await this.#send(command, listener);
      }
      after = commands.at(-1);
      if (isHeard || commands.length < COMMANDS_PER_PAGE || this.#stopped) return;
    }
  }

  async #send(command: CommandRow, { client, qos }: Listener): Promise<void> {
    const { store, now } = this.#options;
    const claim = { holder: this.#holder, nowMs: now() };
    if (this.#stopped || !(await claimCommand(store, command.id, claim))) return;
    if (!client.connected || client.closed) {
      await undoClaim(store, command.id, this.#holder);
      return;
    }
    this.#inFlight.set(client, command);
    const { topic } = command;
    const payload = Buffer.from(command.payload);
    client.publish({ cmd: 'publish', topic, payload, qos, retain: false, dup: false }, (error) => {
      // A subscription without acknowledgements: what is written is all that will ever be known.
      if (qos === 0 && error === undefined) this.#settle(client);
    });
  }

  /** Aedes gives the packet for sessions that last, and nothing for others: those have only one in flight. */
  readonly #noteAck = (packet: unknown, client: Client): void => {
    const command = this.#inFlight.get(client);
    if (command === undefined) return;
    const payload = payloadOf(packet);
    if (payload === undefined || payload === command.payload) this.#settle(client);
  };

  #settle(client: Client): void {
    const command = this.#inFlight.get(client);
    if (command === undefined) return;
    this.#inFlight.delete(client);
    const { store, now } = this.#options;
    // Should this fail, the claim runs out and the command is sent once more.
    this.#enqueue(() => noteSent(store, command, now()));
    this.#wake();
  }

  readonly #noteGone = (client: Client): void => {
    const command = this.#inFlight.get(client);
    if (command === undefined) return;
    this.#inFlight.delete(client);
    this.#enqueue(async () => {
      await forgetQueued(this.#options.aedes, client, command.payload);
      await releaseClaims(this.#options.store, [command.id], this.#holder);
    });
    this.#wake();
  };

  /** Keeps what is in flight from being sent by others; what has expired meanwhile is forgotten. */
  async #renew(): Promise<void> {
    const { store, aedes, now } = this.#options;
    const ids = [...this.#inFlight.values()].map(({ id }) => id);
    const kept = new Set(await renewClaims(store, ids, { holder: this.#holder, nowMs: now() }));
    for (const [client, command] of this.#inFlight) {
      if (kept.has(command.id) || !ids.includes(command.id)) continue;
      this.#inFlight.delete(client);
      await forgetQueued(aedes, client, command.payload);
    }
  }
}

function payloadOf(packet: unknown): string | undefined {
  if (typeof packet !== 'object' || packet === null || !('payload' in packet)) return undefined;
  return String(packet.payload);
}
