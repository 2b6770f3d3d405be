import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BrokerAddress } from './connection.ts';
import { HistorySender } from './history-sender.ts';
import { historySteps } from './history.ts';
import { LiveSensor, type LiveTally } from './live-sensor.ts';
import { reportIntervalsMs } from './pace.ts';
import { sensorPrincipal } from './register.ts';
import { type SimulatorState, readState, writeState } from './state-file.ts';
import { type TownClock, createTownClock } from './town-clock.ts';
import type { Town, TownBin } from './town.ts';

export interface SimulatorOptions {
  readonly broker: BrokerAddress;
  readonly town: Town;
  /** Tokens by principal id, as `townRegistrations` names them. */
  readonly credentials: ReadonlyMap<string, string>;
  /** How much faster than the wall's the town's clock runs; 60 makes a day of 24 minutes. */
  readonly timeLapse: number;
  readonly now: () => number;
  readonly log: Logger;
  readonly history: {
    /** 0 writes none. */
    readonly days: number;
    /** Time between two readings of a bin in the history; 7200 by default. */
    readonly stepSeconds?: number;
    /** Writes the history; needs the backfill right. Without one there is no history. */
    readonly backfillPrincipal?: { readonly id: string; readonly token: string };
  };
  /** Where the state is kept from one start to the next; its folder must exist. */
  readonly stateFile: string;
}

export interface SimulatorStatus {
  readonly sensors: number;
  readonly connected: number;
  /** Sensors that have sent their first reading. */
  readonly reporting: number;
  readonly published: number;
  readonly acknowledged: number;
  /** Lost on the air, on purpose. */
  readonly lost: number;
  readonly townMs: number;
  readonly history: { readonly sent: number; readonly stepsLeft: number; readonly done: boolean };
}

export interface Simulator {
  /**
   * Reads the state and sets the town going; does not wait for the broker. Throws when a token is missing, or the
   * state file is damaged or of another town.
   */
  start(): Promise<void>;
  /** Ends everything within two seconds, and keeps the state. */
  stop(): Promise<void>;
  status(): SimulatorStatus;
}

const DEFAULT_STEP_SECONDS = 7200;
/** A town of 160 connects within a second, not in one burst. */
const CONNECT_SPACING_MS = 5;
/** The map goes before the history, but a broker that lets some sensors in late does not hold it up for ever. */
const HISTORY_WAITS_MS = 8000;
const SAVE_EVERY_MS = 5000;
/** How long a stop waits for acknowledgements. */
const DRAIN_MS = 1000;
const POLL_MS = 25;

class TownSimulator implements Simulator {
  readonly #options: SimulatorOptions;
  readonly #tally: LiveTally = { published: 0, acknowledged: 0, lost: 0, reporting: 0 };
  #stopping = false;
  #sensors: LiveSensor[] = [];
  #state: SimulatorState | undefined;
  #clock: TownClock | undefined;
  #history: HistorySender | undefined;
  #historyRun: Promise<void> = Promise.resolve();
  #saving: Promise<void> = Promise.resolve();
  #saveTimer: NodeJS.Timeout | undefined;

  constructor(options: SimulatorOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    if (this.#state !== undefined) throw new Error('The simulator has been started already');
    const { town, stateFile, timeLapse, now, log } = this.#options;
    const tokens = town.bins.map((bin) => this.#tokenOf(bin));
    const state = this.#nextState(await readState(stateFile));
    // Before the first message: a session that was used must never be used again.
    await writeState(stateFile, state);
    this.#state = state;
    this.#clock = createTownClock(state.townMs, timeLapse, now);
    this.#startSensors(this.#clock, state.starts, tokens);
    this.#historyRun = this.#runHistory(state).catch((error: unknown) => {
      log.error({ err: error }, 'simulator history failed');
    });
    this.#saveTimer = setInterval(() => this.#save(), SAVE_EVERY_MS);
    log.info(
      { bins: town.bins.length, seed: town.seed, session: state.starts, timeLapse },
      'simulator started',
    );
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#saveTimer);
    for (const sensor of this.#sensors) sensor.silence();
    await Promise.all([this.#history?.stop(), this.#drain()]);
    await Promise.all(this.#sensors.map((sensor) => sensor.close()));
    await this.#historyRun;
    this.#save();
    await this.#saving;
  }

  status(): SimulatorStatus {
    const { town, now } = this.#options;
    const nextStep = this.#history?.nextStep ?? this.#state?.history.nextStep ?? -1;
    return {
      ...this.#tally,
      sensors: town.bins.length,
      connected: this.#sensors.filter((sensor) => sensor.connected).length,
      townMs: this.#clock?.read().townMs ?? now(),
      history: { sent: this.#history?.sent ?? 0, stepsLeft: nextStep + 1, done: nextStep < 0 },
    };
  }

  #tokenOf(bin: TownBin): string {
    const { id } = sensorPrincipal(bin.sensor);
    const token = this.#options.credentials.get(id);
    if (token === undefined) throw new Error(`There is no token for the principal ${id}`);
    return token;
  }

  #nextState(last: SimulatorState | undefined): SimulatorState {
    const { town, history, stateFile, now } = this.#options;
    const { seed } = town;
    const binCount = town.bins.length;
    if (last === undefined) {
      const { days, stepSeconds = DEFAULT_STEP_SECONDS } = history;
      const span = { endMs: now(), days, stepSeconds };
      const nextStep = historySteps({ town, ...span }) - 1;
      const base = { version: 1, seed, binCount, starts: 1, townMs: now() } as const;
      return { ...base, history: { ...span, nextStep } };
    }
    if (last.seed !== seed || last.binCount !== binCount) {
      const found = `of ${last.binCount} bins with seed ${last.seed}`;
      const wanted = `${binCount} bins with seed ${seed}`;
      throw new Error(`${stateFile} is the state of a town ${found}, not of ${wanted}`);
    }
    return { ...last, starts: last.starts + 1 };
  }

  #startSensors(clock: TownClock, session: number, tokens: readonly string[]): void {
    const { town, broker, timeLapse, log } = this.#options;
    const intervalsMs = reportIntervalsMs(town, timeLapse);
    this.#sensors = town.bins.map((bin, index) => {
      const token = tokens[index] ?? '';
      const intervalMs = intervalsMs[index] ?? bin.sensor.reportIntervalSeconds * 1000;
      const tally = this.#tally;
      return new LiveSensor({ bin, broker, token, session, clock, intervalMs, log, tally });
    });
    for (const [index, sensor] of this.#sensors.entries()) sensor.start(index * CONNECT_SPACING_MS);
  }

  async #runHistory(state: SimulatorState): Promise<void> {
    const { town, broker, log } = this.#options;
    const principal = this.#options.history.backfillPrincipal;
    const fromStep = state.history.nextStep;
    if (principal === undefined || fromStep < 0) return;
    await this.#poll(HISTORY_WAITS_MS, () => {
      return this.#stopping || this.#tally.reporting === town.bins.length;
    });
    if (this.#stopping) return;
    const history = { town, ...state.history };
    const sender = new HistorySender({ broker, principal, history, fromStep, log });
    this.#history = sender;
    await sender.run();
    if (sender.nextStep >= 0) return;
    log.info({ messages: sender.sent }, 'simulator history written');
    this.#save();
  }

  #drain(): Promise<void> {
    return this.#poll(DRAIN_MS, () => this.#sensors.every((sensor) => sensor.inFlight === 0));
  }

  /** Waits for a condition, but not longer than the time given. */
  async #poll(longestMs: number, isMet: () => boolean): Promise<void> {
    for (let waitedMs = 0; waitedMs < longestMs && !isMet(); waitedMs += POLL_MS) {
      await wait(POLL_MS);
    }
  }

  #save(): void {
    const { stateFile, log } = this.#options;
    if (this.#state === undefined || this.#clock === undefined) return;
    const history = this.#state.history;
    const nextStep = this.#history?.nextStep ?? history.nextStep;
    this.#state = {
      ...this.#state,
      townMs: this.#clock.read().townMs,
      history: { ...history, nextStep },
    };
    const state = this.#state;
    this.#saving = this.#saving
      .then(() => writeState(stateFile, state))
      .catch((error: unknown) => log.warn({ err: error, stateFile }, 'simulator state not saved'));
  }
}

/** A town whose sensors speak MQTT. Nothing happens before `start`. */
export function createSimulator(options: SimulatorOptions): Simulator {
  return new TownSimulator(options);
}
