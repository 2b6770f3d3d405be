import { setTimeout as wait } from 'node:timers/promises';
import mqttPacket from 'mqtt-packet';
import type { Form } from '../drain/messages.ts';
import { FloodClient } from './flood-client.ts';
import type { FloodLogin } from './flood-client.ts';

/** What is sent, by how many, and how hard. */
export interface Load {
  readonly form: Form;
  readonly connections: number;
  /** Published and not acknowledged, per connection. */
  readonly window: number;
  readonly messages: number;
  /** The end, should the messages last longer; what was not sent by then is not. */
  readonly seconds: number;
}

export interface LoadResult {
  readonly acked: number;
  readonly startMs: number;
  /** When the last one was acknowledged, by `performance.now()`. */
  readonly endMs: number;
  /** From publish to PUBACK. */
  readonly ackMs: readonly number[];
}

/** Packet identifiers go round. */
const IDS = 0xffff;
const ACK_DEADLINE_MS = 60_000;

/** Connections of a run, which can be loaded more than once. */
export class Flood {
  readonly #lanes: Lane[] = [];
  /** The first connection that broke. */
  readonly broken = Promise.withResolvers<never>();

  /** Opens a connection for each login. Rejects when the broker refuses one. */
  static async connect(logins: readonly FloodLogin[]): Promise<Flood> {
    const flood = new Flood();
    flood.broken.promise.catch(() => {});
    // One after the other in groups: a broker admits only so many strangers of one address at a time.
    for (let index = 0; index < logins.length; index += 20) {
      const lanes = logins
        .slice(index, index + 20)
        .map((login) => Lane.connect(login, flood.broken.reject));
      flood.#lanes.push(...(await Promise.all(lanes)));
    }
    return flood;
  }

  /** Sends messages numbered from `first` and waits for every acknowledgement. Rejects when one does not come. */
  async run(load: Load, first: number): Promise<LoadResult> {
    const { form, messages, window, seconds } = load;
    for (const lane of this.#lanes) lane.packets = [];
    for (let index = 0; index < messages; index += 1) {
      const packets = this.#lanes[index % this.#lanes.length]?.packets;
      const { topic, payload } = form.write(first + index, Date.now());
      const fields = { qos: 1, dup: false, retain: false, messageId: 1 } as const;
      packets?.push(mqttPacket.generate({ cmd: 'publish', topic, payload, ...fields }));
    }
    const startMs = performance.now();
    const untilMs = startMs + seconds * 1_000;
    const all = Promise.all(this.#lanes.map((lane) => lane.send(window, untilMs)));
    const late = wait(seconds * 1_000 + ACK_DEADLINE_MS, 'late', { ref: false });
    if ((await Promise.race([all, late, this.broken.promise])) === 'late')
      throw new Error('Some messages were not acknowledged');
    const ackMs = this.#lanes.flatMap((lane) => lane.ackMs);
    const endMs = Math.max(...this.#lanes.map((lane) => lane.endMs));
    return { acked: ackMs.length, startMs, endMs, ackMs };
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}

/** One connection with its share of the messages. */
class Lane {
  packets: Buffer[] = [];
  ackMs: number[] = [];
  endMs = 0;
  #client: FloodClient | undefined;
  readonly #sentMs = new Float64Array(IDS + 1);
  #next = 0;
  #isFull = false;
  #untilMs = 0;
  #done = Promise.withResolvers<void>();

  static async connect(login: FloodLogin, onFailure: (error: Error) => void): Promise<Lane> {
    const lane = new Lane();
    lane.#client = await FloodClient.connect(login, (id) => lane.#onAck(id), onFailure);
    return lane;
  }

  send(window: number, untilMs: number): Promise<void> {
    this.ackMs = [];
    this.#next = 0;
    this.#isFull = false;
    this.#untilMs = untilMs;
    this.#done = Promise.withResolvers();
    for (let count = 0; count < window; count += 1) this.#sendNext();
    this.#client?.flush();
    this.#endWhenAcked();
    return this.#done.promise;
  }

  async close(): Promise<void> {
    await this.#client?.close();
  }

  #sendNext(): void {
    const packet = this.packets[this.#next];
    const nowMs = performance.now();
    if (packet === undefined || nowMs > this.#untilMs) {
      this.#isFull = true;
      return;
    }
    const id = 1 + (this.#next % IDS);
    this.#next += 1;
    this.#sentMs[id] = nowMs;
    writeMessageId(packet, id);
    this.#client?.send(packet);
  }

  #onAck(id: number): void {
    this.endMs = performance.now();
    this.ackMs.push(this.endMs - (this.#sentMs[id] ?? 0));
    if (!this.#isFull) this.#sendNext();
    if (this.#isFull) this.#endWhenAcked();
  }

  #endWhenAcked(): void {
    if (this.ackMs.length === this.#next && this.#isFull) this.#done.resolve();
  }
}

/** Behind the fixed header and the topic. */
function writeMessageId(packet: Buffer, id: number): void {
  let offset = 1;
  while ((packet[offset] ?? 0) > 0x7f) offset += 1;
  offset += 1;
  packet.writeUInt16BE(id, offset + 2 + packet.readUInt16BE(offset));
}
