import { readFileSync } from 'node:fs';

/** What became of the tests of one run. */
export interface Tally {
  passed: number;
  /** Tests, and also files, groups and hooks that failed, and errors nobody caught. */
  failed: number;
  /** Names of the tests that did not run. */
  skipped: string[];
}

/**
 * Reads the tally a run has left, given how the run ended.
 * A run that failed without a failed test, left no tally, or ran no test at all, counts as one failure.
 */
export function readTally(file: string, exitCode: number | null): Tally {
  const tally = parseTally(file);
  const ranNothing = tally.passed + tally.failed === 0;
  if (ranNothing || (exitCode !== 0 && tally.failed === 0)) tally.failed = 1;
  return tally;
}

/** The line that ends every run. */
export function tallyLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed`;
}

function parseTally(file: string): Tally {
  try {
    // Our own reporter wrote it a moment ago.
    return JSON.parse(readFileSync(file, 'utf8')) as Tally;
  } catch {
    return { passed: 0, failed: 0, skipped: [] };
  }
}
