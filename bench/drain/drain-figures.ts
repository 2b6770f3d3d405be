/** What storing a journal took. */
export interface DrainFigures {
  readonly storedPerSecond: number;
  /** CPU time of the process per message, µs, all its threads together. */
  readonly cpuMicros: number;
  readonly rssMib: number;
}

/** Reads what drain-process.ts printed. */
export function readFigures(stdout: string): DrainFigures {
  // Safe: drain-process.ts prints it from a value of this type.
  return JSON.parse(stdout) as DrainFigures;
}
