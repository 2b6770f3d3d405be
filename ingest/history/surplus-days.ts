import type { HistoryRecord } from './history-format.ts';

/** A device that has several rows for one day. */
export interface SurplusDay {
  readonly deviceId: string;
  readonly day: string;
  readonly rows: number;
  /** The different things they say, with the line that says it first; more than one: they contradict each other. */
  readonly values: readonly {
    readonly value: string;
    readonly line: number;
    readonly rows: number;
  }[];
}

/** Finds devices with several rows for a day, in files that promise one. Remembers one entry for each device and day. */
export class SurplusDays {
  readonly #first = new Map<string, { value: string; line: number }>();
  readonly #surplus = new Map<string, Map<string, { line: number; rows: number }>>();

  note({ deviceId, dayValue, line }: HistoryRecord): void {
    if (deviceId === undefined || dayValue === undefined) return;
    const { day, value } = dayValue;
    const key = `${deviceId} ${day}`;
    const first = this.#first.get(key);
    if (first === undefined) {
      this.#first.set(key, { value, line });
      return;
    }
    const values =
      this.#surplus.get(key) ?? new Map([[first.value, { line: first.line, rows: 1 }]]);
    this.#surplus.set(key, values);
    const before = values.get(value) ?? { line, rows: 0 };
    values.set(value, { ...before, rows: before.rows + 1 });
  }

  /** In the order in which they were found. */
  list(): SurplusDay[] {
    return [...this.#surplus].map(([key, values]) => {
      const [deviceId = '', day = ''] = key.split(' ');
      const rows = [...values.values()].reduce((sum, { rows: some }) => sum + some, 0);
      return {
        deviceId,
        day,
        rows,
        values: [...values].map(([value, rest]) => ({ value, ...rest })),
      };
    });
  }
}
