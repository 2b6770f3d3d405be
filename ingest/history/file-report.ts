import { compareText } from '../../store/uplinks.ts';
import type { BatchReport } from '../drain-journal.ts';
import type { HistoryRecord } from './history-format.ts';
import { SurplusDays } from './surplus-days.ts';
import type { SurplusDay } from './surplus-days.ts';

/** What an import did with one file. */
export interface FileReport {
  /** Rows, entries or messages in the part of the file that was read. */
  readonly records: number;
  /** Of these, taken by an earlier run, which got this far. */
  readonly earlier: number;
  readonly stored: number;
  readonly duplicate: number;
  /** How many this run set aside, by reason. */
  readonly quarantined: Readonly<Record<string, number>>;
  /** Everything that the file has is taken. */
  readonly complete: boolean;
  readonly devices: number;
  /** RFC 3339; of rows the time that they speak of, of recorded messages that of their arrival. */
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** Rows by the reason that stands in them. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Rows that are sound and have no level. */
  readonly withoutLevel: number;
  /** Rows that could not be read; the first of them with their lines. */
  readonly badRows: { readonly count: number; readonly first: readonly string[] };
  /** Only of formats that promise one row for each device and day. */
  readonly surplus: {
    readonly binDays: number;
    readonly rows: number;
    readonly contradicting: readonly SurplusDay[];
    readonly days: readonly SurplusDay[];
  };
  readonly seconds: number;
  /** Of this run, without what earlier runs took. */
  readonly recordsPerSecond: number;
}

/** More mistakes than this in one file have one cause. */
const MOST_BAD_ROWS_NAMED = 50;
/** More reasons than this are notes. */
const MOST_REASONS = 50;

/** Gathers the report of a file while it is read and stored. */
export class FileReporter {
  readonly #devices = new Set<string>();
  readonly #reasons = new Map<string, number>();
  readonly #quarantined = new Map<string, number>();
  readonly #surplus = new SurplusDays();
  readonly #badRows: string[] = [];
  readonly #startedAtMs: number;
  #badCount = 0;
  #records = 0;
  #taken = 0;
  #stored = 0;
  #duplicate = 0;
  #withoutLevel = 0;
  #firstMs = Infinity;
  #lastMs = -Infinity;

  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  get records(): number {
    return this.#records;
  }

  noteRecord(record: HistoryRecord): void {
    this.#records += 1;
    this.#surplus.note(record);
    const { deviceId, observedAtMs, reason, problem } = record;
    if (deviceId !== undefined) this.#devices.add(deviceId);
    if (record.withoutLevel === true) this.#withoutLevel += 1;
    if (observedAtMs !== undefined) {
      this.#firstMs = Math.min(this.#firstMs, observedAtMs);
      this.#lastMs = Math.max(this.#lastMs, observedAtMs);
    }
    if (reason !== undefined && (this.#reasons.has(reason) || this.#reasons.size < MOST_REASONS)) {
      this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    }
    if (problem === undefined) return;
    this.#badCount += 1;
    if (this.#badRows.length < MOST_BAD_ROWS_NAMED) this.#badRows.push(problem);
  }

  noteBatch({ records, stored, duplicate, quarantined }: BatchReport): void {
    this.#taken += records;
    this.#stored += stored;
    this.#duplicate += duplicate;
    for (const [reason, count] of quarantined) {
      this.#quarantined.set(reason, (this.#quarantined.get(reason) ?? 0) + count);
    }
  }

  finish(complete: boolean, nowMs: number): FileReport {
    const seconds = Math.max(0.001, (nowMs - this.#startedAtMs) / 1000);
    const days = this.#surplus.list();
    return {
      records: this.#records,
      earlier: this.#records - this.#taken,
      stored: this.#stored,
      duplicate: this.#duplicate,
      quarantined: toCounts(this.#quarantined),
      complete,
      devices: this.#devices.size,
      firstAt: toTime(this.#firstMs),
      lastAt: toTime(this.#lastMs),
      reasons: toCounts(this.#reasons),
      withoutLevel: this.#withoutLevel,
      badRows: { count: this.#badCount, first: this.#badRows },
      surplus: {
        binDays: days.length,
        rows: days.reduce((sum, { rows }) => sum + rows - 1, 0),
        contradicting: days.filter(({ values }) => values.length > 1),
        days,
      },
      seconds: Math.round(seconds * 1000) / 1000,
      recordsPerSecond: Math.round(this.#taken / seconds),
    };
  }
}

/** In alphabetical order: which came first says nothing. */
function toCounts(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => compareText(a, b)));
}

function toTime(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}
