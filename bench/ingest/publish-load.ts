import { setTimeout as wait } from 'node:timers/promises';
import type { LoadClient } from './load-client.ts';
import type { Sensors } from './sensors.ts';

/** How much and how fast. */
export interface LoadPlan {
  /** Published and not acknowledged, per connection. */
  readonly window: number;
  /** Over all connections; left out: as fast as the windows allow. */
  readonly ratePerSecond?: number;
  /** The end, whichever comes first. */
  readonly messages: number;
  readonly seconds: number;
  /** Whether these messages count, see {@link Sensors}. */
  readonly counts: boolean;
}

/** What the broker made of it. */
export interface LoadResult {
  readonly acked: number;
  readonly startMs: number;
  /** When the last one was acknowledged, by `performance.now()`. */
  readonly endMs: number;
  /** From publish to PUBACK, each message. */
  readonly ackMs: readonly number[];
  /** When each was published, in order. */
  readonly sentMs: readonly number[];
}

const TICK_MS = 5;
const ACK_DEADLINE_MS = 30_000;

/** Publishes until the plan ends, and waits for every acknowledgement. Rejects when one does not come. */
export async function publishLoad(
  clients: readonly LoadClient[],
  sensors: Sensors,
  plan: LoadPlan,
): Promise<LoadResult> {
  const load = new Load(clients, sensors, plan);
  return load.run();
}

class Load {
  readonly #clients: readonly LoadClient[];
  readonly #sensors: Sensors;
  readonly #plan: LoadPlan;
  readonly #turns: number[];
  readonly #ackMs: number[] = [];
  readonly #sentMs: number[] = [];
  readonly #allAcked = Promise.withResolvers<void>();
  #startMs = 0;
  #endMs = 0;
  #sent = 0;

  constructor(clients: readonly LoadClient[], sensors: Sensors, plan: LoadPlan) {
    this.#clients = clients;
    this.#sensors = sensors;
    this.#plan = plan;
    this.#turns = clients.map(() => 0);
  }

  async run(): Promise<LoadResult> {
    this.#startMs = performance.now();
    if (this.#plan.ratePerSecond === undefined) {
      for (const index of this.#clients.keys()) this.#fill(index);
      await this.#inTime(this.#plan.seconds * 1000 + ACK_DEADLINE_MS);
    } else {
      await this.#publishAtRate(this.#plan.ratePerSecond);
      this.#endWhenAcked();
      await this.#inTime(ACK_DEADLINE_MS);
    }
    const [startMs, endMs] = [this.#startMs, this.#endMs];
    return { acked: this.#ackMs.length, startMs, endMs, ackMs: this.#ackMs, sentMs: this.#sentMs };
  }

  get #isOver(): boolean {
    const { messages, seconds } = this.#plan;
    return this.#sent >= messages || performance.now() - this.#startMs >= seconds * 1000;
  }

  async #publishAtRate(ratePerSecond: number): Promise<void> {
    while (!this.#isOver) {
      const due = Math.floor(((performance.now() - this.#startMs) / 1000) * ratePerSecond);
      while (this.#sent <= due && !this.#isOver) this.#send(this.#sent % this.#clients.length);
      await wait(TICK_MS);
    }
  }

  /** Keeps a connection's window full. */
  #fill(index: number): void {
    const client = this.#clients[index];
    while (client !== undefined && client.inFlight < this.#plan.window && !this.#isOver) {
      this.#send(index);
    }
  }

  /** The connections share the sensors out, and each lets its own speak in turn. */
  #send(index: number): void {
    const turn = this.#turns[index] ?? 0;
    this.#turns[index] = turn + 1;
    const sensor = (index + turn * this.#clients.length) % this.#sensors.size;
    const { topic, payload } = this.#sensors.speak(sensor, this.#plan.counts);
    const sentMs = performance.now();
    this.#sentMs.push(sentMs);
    this.#sent += 1;
    this.#clients[index]?.publish(topic, payload, () => {
      this.#endMs = performance.now();
      this.#ackMs.push(this.#endMs - sentMs);
      if (this.#plan.ratePerSecond === undefined) this.#fill(index);
      if (this.#isOver) this.#endWhenAcked();
    });
  }

  #endWhenAcked(): void {
    if (this.#ackMs.length === this.#sent) this.#allAcked.resolve();
  }

  async #inTime(deadlineMs: number): Promise<void> {
    const tooLate = wait(deadlineMs, 'late', { ref: false });
    const result = await Promise.race([this.#allAcked.promise, tooLate]);
    if (result !== 'late') return;
    throw new Error(`${this.#sent - this.#ackMs.length} of ${this.#sent} were not acknowledged`);
  }
}
