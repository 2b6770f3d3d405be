import type { LevelReading } from '../../planner/selection/bin-history.ts';
import type { World } from './world.ts';

export interface Emptying {
  readonly bin: number;
  /** Hours since the beginning of the world. */
  readonly atHour: number;
}

/** What happened to the bins in the days that count. */
export interface LedgerCounts {
  /** Percent of a bin's volume, over all bins. */
  thrownIn: number;
  /** Of that, what came when the bin was full. */
  besides: number;
  /** Hours at which a bin stood full. */
  overflowBinHours: number;
  /** True levels found by the crew; full when overfull. */
  fillAtEmptying: number[];
}

const FULL = 100;
const HOUR_MS = 3_600_000;

/** The true levels of all bins, hour by hour, and what their sensors reported. */
export class BinLedger {
  readonly #world: World;
  readonly levels: Float64Array;
  readonly readings: LevelReading[][];
  readonly emptiedAtMs: number[][];
  readonly counts: LedgerCounts = {
    thrownIn: 0,
    besides: 0,
    overflowBinHours: 0,
    fillAtEmptying: [],
  };
  #hour = 0;

  constructor(world: World) {
    this.#world = world;
    this.levels = Float64Array.from(world.bins, (bin) => bin.leftBehind(-1));
    this.readings = world.bins.map(() => []);
    this.emptiedAtMs = world.bins.map(() => []);
  }

  get hour(): number {
    return this.#hour;
  }

  /** Goes on to an hour, a whole number, and empties bins on the way. `counted`: whether it is one of the days that count. */
  advance(toHour: number, emptyings: readonly Emptying[], counted: boolean): void {
    const byBin = Map.groupBy(emptyings, ({ bin }) => bin);
    for (let bin = 0; bin < this.levels.length; bin += 1) {
      const times = (byBin.get(bin) ?? []).map(({ atHour }) => atHour).toSorted((a, b) => a - b);
      for (let hour = this.#hour; hour < toHour; hour += 1) this.#pass(bin, hour, times, counted);
    }
    this.#hour = toHour;
  }

  #pass(bin: number, hour: number, times: number[], counted: boolean): void {
    const { growth, hours, bins, startMs } = this.#world;
    const amount = growth[bin * hours + hour] ?? 0;
    let from = hour;
    while (times[0] !== undefined && times[0] < hour + 1) {
      const atHour = Math.max(from, times.shift() ?? from);
      this.#grow(bin, amount * (atHour - from), atHour - from, counted);
      this.#empty(bin, atHour, counted);
      from = atHour;
    }
    this.#grow(bin, amount * (hour + 1 - from), hour + 1 - from, counted);
    const fillPercent = bins[bin]?.report(hour, Math.min(FULL, this.levels[bin] ?? 0));
    if (fillPercent === undefined) return;
    this.readings[bin]?.push({ atMs: startMs + (hour + 1) * HOUR_MS, fillPercent });
  }

  #grow(bin: number, amount: number, hours: number, counted: boolean): void {
    const before = this.levels[bin] ?? 0;
    const after = before + amount;
    this.levels[bin] = after;
    if (!counted) return;
    const above = Math.min(amount, Math.max(0, after - FULL));
    this.counts.thrownIn += amount;
    this.counts.besides += above;
    if (after >= FULL)
      this.counts.overflowBinHours += amount > 0 ? hours * (above / amount) : hours;
  }

  #empty(bin: number, atHour: number, counted: boolean): void {
    const world = this.#world;
    const emptied = this.emptiedAtMs[bin];
    if (counted) this.counts.fillAtEmptying.push(Math.min(FULL, this.levels[bin] ?? 0));
    this.levels[bin] = world.bins[bin]?.leftBehind(emptied?.length ?? 0) ?? 0;
    emptied?.push(world.startMs + atHour * HOUR_MS);
  }
}
