import { setTimeout as wait } from 'node:timers/promises';
import mqttPacket from 'mqtt-packet';
import { FloodClient } from '../performance/flood-client.ts';
import type { FloodLogin } from '../performance/flood-client.ts';

const TICK_MS = 5;
/** Whoever has waited this long for a PUBACK waits for ever. */
const DEADLINE_MS = 30_000;
const POLL_MS = 10;

/** What a span of time was like for the good devices. */
export interface Span {
  /** From publish to PUBACK, in milliseconds. */
  readonly ackMs: readonly number[];
}

/** Good devices: they publish steadily, one after the other, and note how long each acknowledgement takes. */
export class Neighbours {
  readonly #clients: Neighbour[] = [];
  readonly #timer: NodeJS.Timeout;
  readonly #startMs = performance.now();
  readonly #messagesPerSecond: number;
  #sent = 0;
  #ackMs: number[] = [];
  #failure: Error | undefined;

  private constructor(messagesPerSecond: number) {
    this.#messagesPerSecond = messagesPerSecond;
    this.#timer = setInterval(() => this.#publishDue(), TICK_MS);
  }

  /** Connects them and lets them begin. */
  static async connect(
    logins: readonly FloodLogin[],
    messagesPerSecond: number,
  ): Promise<Neighbours> {
    const neighbours = new Neighbours(messagesPerSecond);
    for (const login of logins) {
      const neighbour = new Neighbour(login.clientId, (ackMs) => neighbours.#ackMs.push(ackMs));
      await neighbour.connect(login, (error) => (neighbours.#failure ??= error));
      neighbours.#clients.push(neighbour);
    }
    return neighbours;
  }

  /** How long acknowledgements take of what is published from now on for so long. Throws when one does not come. */
  async observe(seconds: number): Promise<Span> {
    await this.#settle();
    this.#ackMs = [];
    await wait(seconds * 1_000);
    await this.#settle();
    return { ackMs: this.#ackMs };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#clients.map((client) => client.close()));
  }

  /** Waits until what has been published is acknowledged. */
  async #settle(): Promise<void> {
    const marks = this.#clients.map((client) => ({ client, sent: client.sent }));
    const untilMs = performance.now() + DEADLINE_MS;
    while (marks.some(({ client, sent }) => client.acknowledged < sent)) {
      if (this.#failure !== undefined) throw this.#failure;
      if (performance.now() > untilMs) throw new Error('A good device waits for its PUBACK');
      await wait(POLL_MS);
    }
  }

  #publishDue(): void {
    const due = ((performance.now() - this.#startMs) / 1_000) * this.#messagesPerSecond;
    for (; this.#sent < due; this.#sent += 1) {
      this.#clients[this.#sent % Math.max(1, this.#clients.length)]?.publish();
    }
  }
}

class Neighbour {
  sent = 0;
  acknowledged = 0;
  readonly #id: string;
  readonly #onAck: (ackMs: number) => void;
  readonly #sentMs = new Map<number, number>();
  #client: FloodClient | undefined;

  constructor(id: string, onAck: (ackMs: number) => void) {
    this.#id = id;
    this.#onAck = onAck;
  }

  async connect(login: FloodLogin, onFailure: (error: Error) => void): Promise<void> {
    this.#client = await FloodClient.connect(login, (id) => this.#acknowledge(id), onFailure);
  }

  publish(): void {
    const messageId = 1 + (this.sent % 0xffff);
    this.sent += 1;
    const payload = JSON.stringify({
      ...{ boot: 'one', seq: this.sent, observedAt: Date.now(), fillPercent: this.sent % 100 },
    });
    const fields = { qos: 1, dup: false, retain: false, messageId } as const;
    const topic = `bins/${this.#id}/up`;
    this.#sentMs.set(messageId, performance.now());
    this.#client?.send(mqttPacket.generate({ cmd: 'publish', topic, payload, ...fields }));
    this.#client?.flush();
  }

  async close(): Promise<void> {
    await this.#client?.close();
  }

  #acknowledge(messageId: number): void {
    const sentMs = this.#sentMs.get(messageId);
    if (sentMs === undefined) return;
    this.#sentMs.delete(messageId);
    this.acknowledged += 1;
    this.#onAck(performance.now() - sentMs);
  }
}
