import type { IPublishPacket } from 'mqtt';
import type { JournalWriter } from '../../journal/journal-writer.ts';
import type { JournalEntry } from '../../journal/record.ts';

/** How long a message may wait for room: far less than a keep-alive, since nothing else is read meanwhile, not even a PINGRESP. */
const LONGEST_WAIT_MS = 5_000;
/** How often a message that waits looks for room. A commit takes some milliseconds. */
const WAIT_STEP_MS = 20;

/** Type and flags of a PUBACK, and the length of what follows [MQTT-3.4.1]. */
const PUBACK_HEAD = [0x40, 0x02] as const;

/** What became of a message. `failed` comes again; `dropped` had quality of service 0 and does not. */
export type ReceiveOutcome = 'journaled' | 'retained' | 'failed' | 'dropped';

export interface ReceiverOptions {
  readonly journal: Pick<JournalWriter, 'append' | 'hasRoom'>;
  /** Who sent it, as traces show it. */
  readonly principal: string;
  /** Its messages may have any past time. */
  readonly backfill: boolean;
  /** Whether retained messages are taken; otherwise they are acknowledged and only counted. */
  readonly retained: boolean;
  /** ms since 1970. */
  readonly now: () => number;
  /** Sends bytes to the broker the messages came from. */
  readonly write: (bytes: Uint8Array) => void;
  /** Told once: a message could not be kept, so the connection is of no use any more. */
  readonly onFailure: (error: Error) => void;
  readonly onOutcome: (outcome: ReceiveOutcome) => void;
  readonly onAcknowledged: (messages: number) => void;
}

/**
 * Takes the messages of one connection. Each goes to the journal at once, and is acknowledged when that has it on disk, in the
 * order in which they came [MQTT-4.6.0-2]. Behind a message that could not be kept nothing is acknowledged any more: the broker
 * sends all of it again on the next connection.
 */
export class Receiver {
  readonly #options: ReceiverOptions;
  /** What the newest message waits for; each is settled after the one before. */
  #newest: Promise<void> = Promise.resolve();
  /** Packet identifiers that are acknowledged at the end of this turn. */
  #durable: number[] = [];
  #isTaking = true;
  #isAcknowledging = true;

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** Takes a message. `done` asks for the next one: at once, or a little later when the journal has no room. */
  receive(packet: IPublishPacket, done: () => void): void {
    this.#awaitRoom(LONGEST_WAIT_MS, (hasRoom) => {
      if (!this.#isTaking) this.#countLoss(packet);
      else if (hasRoom) this.#take(packet);
      else this.#fail(packet, new Error('The journal has no room'));
      done();
    });
  }

  /** Takes no more, and resolves when everything taken is either acknowledged or lost to this connection. */
  async stop(): Promise<void> {
    this.#isTaking = false;
    await this.#newest.catch(() => {});
    this.#acknowledge();
  }

  /** The connection has ended: an acknowledgement would reach nobody, or the wrong one. */
  close(): void {
    this.#isTaking = false;
    this.#isAcknowledging = false;
  }

  #awaitRoom(leftMs: number, then: (hasRoom: boolean) => void): void {
    if (!this.#isTaking || this.#options.journal.hasRoom || leftMs <= 0) {
      then(this.#options.journal.hasRoom);
      return;
    }
    setTimeout(() => this.#awaitRoom(leftMs - WAIT_STEP_MS, then), WAIT_STEP_MS);
  }

  #take(packet: IPublishPacket): void {
    const { journal, retained, onOutcome } = this.#options;
    const isSkipped = packet.retain && !retained;
    const kept = isSkipped ? this.#newest : journal.append(this.#toEntry(packet));
    this.#newest = kept;
    kept.then(
      () => {
        onOutcome(isSkipped ? 'retained' : 'journaled');
        if (packet.qos > 0) this.#noteDurable(packet.messageId);
      },
      (error: unknown) => this.#fail(packet, error),
    );
  }

  #toEntry({ topic, payload, qos, messageId, dup }: IPublishPacket): JournalEntry {
    const { principal, backfill, now } = this.#options;
    return {
      receivedAtMs: now(),
      principal,
      topic,
      payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
      qos,
      messageId: messageId ?? null,
      dup,
      backfill,
    };
  }

  /** Messages of one commit share a write. */
  #noteDurable(messageId: number | undefined): void {
    if (!this.#isAcknowledging || messageId === undefined) return;
    this.#durable.push(messageId);
    if (this.#durable.length === 1) setImmediate(() => this.#acknowledge());
  }

  #acknowledge(): void {
    const ids = this.#durable;
    this.#durable = [];
    if (!this.#isAcknowledging || ids.length === 0) return;
    this.#options.write(encodePubacks(ids));
    this.#options.onAcknowledged(ids.length);
  }

  #fail(packet: IPublishPacket, error: unknown): void {
    this.#countLoss(packet);
    if (!this.#isAcknowledging) return;
    // What came before it is durable, and may still be said to be.
    this.#acknowledge();
    this.close();
    this.#options.onFailure(error instanceof Error ? error : new Error(String(error)));
  }

  #countLoss({ qos }: IPublishPacket): void {
    this.#options.onOutcome(qos === 0 ? 'dropped' : 'failed');
  }
}

function encodePubacks(messageIds: readonly number[]): Uint8Array {
  return Uint8Array.from(
    messageIds.flatMap((id) => [...PUBACK_HEAD, Math.floor(id / 256), id % 256]),
  );
}
