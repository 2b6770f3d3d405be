/** How long the writes of another process had to wait, as it prints them in one line of JSON. */
export interface Waits {
  readonly writes: number;
  readonly medianMs: number;
  readonly slowestMs: number;
  readonly failed: number;
}

/** Reads the last line of what that process printed. */
export function readWaits(stdout: string): Waits {
  // Safe: other-writer.ts prints it from a value of this type.
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Waits;
}
