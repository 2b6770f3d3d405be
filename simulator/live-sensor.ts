import type { Logger } from 'pino';
import { type BrokerAddress, Connection } from './connection.ts';
import type { Uplink } from './encode/uplink.ts';
import { type Random, createRandom } from './random.ts';
import { sensorPrincipal } from './register.ts';
import type { TownClock } from './town-clock.ts';
import type { TownBin } from './town.ts';
import { type SensorUplink, createUplink } from './uplinks.ts';

export interface LiveSensorOptions {
  readonly bin: TownBin;
  readonly broker: BrokerAddress;
  readonly token: string;
  /** Number of this start of the simulator; never used before. */
  readonly session: number;
  readonly clock: TownClock;
  /** Wall time between two readings, ms. */
  readonly intervalMs: number;
  readonly log: Logger;
  readonly tally: LiveTally;
}

/** What all live sensors together have done. */
export interface LiveTally {
  published: number;
  acknowledged: number;
  /** Lost on the air by the model, not by a failure. */
  lost: number;
  /** Sensors that have sent their first reading. */
  reporting: number;
}

/** A sensor with more than this unacknowledged keeps silent, as a small device would. */
const MAX_IN_FLIGHT = 8;
const INTERVAL_JITTER = 0.1;

/** One sensor of the town with its own connection. */
export class LiveSensor {
  readonly #options: LiveSensorOptions;
  readonly #connection: Connection;
  readonly #random: Random;
  readonly #held = new Set<NodeJS.Timeout>();
  #timer: NodeJS.Timeout | undefined;
  #counter = 0;

  constructor(options: LiveSensorOptions) {
    const { bin, broker, token, log } = options;
    this.#options = options;
    this.#connection = new Connection({
      broker,
      principalId: sensorPrincipal(bin.sensor).id,
      token,
      log,
    });
    this.#random = createRandom(bin.sensor.seed ^ options.session);
  }

  get connected(): boolean {
    return this.#connection.connected;
  }

  get inFlight(): number {
    return this.#connection.inFlight;
  }

  /** Connects after a while, reports at once, and then at its interval. */
  start(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#connection.open(() => this.#reportFirst());
    }, delayMs);
  }

  /** No further reports; what is under way may still arrive. */
  silence(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const timer of this.#held) clearTimeout(timer);
    this.#held.clear();
  }

  async close(): Promise<void> {
    this.silence();
    await this.#connection.close();
  }

  /** A device that has just joined repeats itself until it is heard. */
  #reportFirst(): void {
    let uplink = this.#measure();
    while (uplink.delivery.lost) uplink = this.#measure();
    for (const copy of uplink.copies) this.#publish(copy);
    this.#options.tally.reporting += 1;
    // Anywhere in the interval, so that the town does not speak in chorus.
    this.#schedule(this.#random.unit() * this.#options.intervalMs);
  }

  #schedule(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#report();
      const jitter = 1 + this.#random.between(-INTERVAL_JITTER, INTERVAL_JITTER);
      this.#schedule(this.#options.intervalMs * jitter);
    }, delayMs);
  }

  #report(): void {
    const { copies, delivery } = this.#measure();
    if (delivery.lost) this.#options.tally.lost += 1;
    if (delivery.delayIntervals === 0) {
      for (const copy of copies) this.#publish(copy);
      return;
    }
    const timer = setTimeout(() => {
      this.#held.delete(timer);
      for (const copy of copies) this.#publish(copy);
    }, delivery.delayIntervals * this.#options.intervalMs);
    this.#held.add(timer);
  }

  #measure(): SensorUplink {
    const { bin, session, clock } = this.#options;
    const { townMs, wallMs: observedAtMs } = clock.read();
    return createUplink(bin, { session, counter: this.#counter++, townMs, observedAtMs });
  }

  /** Without a connection the reading is gone: sensors of this kind have no memory. */
  #publish(uplink: Uplink): void {
    if (!this.connected || this.inFlight >= MAX_IN_FLIGHT) return;
    const { tally } = this.#options;
    tally.published += 1;
    this.#connection.publish(uplink, (acknowledged) => {
      if (acknowledged) tally.acknowledged += 1;
    });
  }
}
