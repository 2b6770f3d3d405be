import type { InfluxPoint } from './influx-point.ts';

/** Where points go. Each kind of InfluxDB has its own in `engines/`. */
export interface InfluxTarget {
  /** Which server and which place in it, without secrets: another name is another target, which has nothing yet. */
  readonly name: string;
  /** Resolves when the server has all of them. Rejects with an `InfluxWriteError`. */
  write(points: readonly InfluxPoint[]): Promise<void>;
  /**
   * Asks whether the server is there and would take points, without writing any, and resolves to its version.
   * Rejects with an `InfluxWriteError`.
   */
  check(): Promise<string>;
  close(): Promise<void>;
}
