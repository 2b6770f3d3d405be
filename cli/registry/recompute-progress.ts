import type { RecomputeProgress } from '../../store/recompute.ts';
import { describeSpan } from './describe-span.ts';

export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/**
 * Tells how far the readings of a corrected span are computed anew: over and over in one line of a terminal, else in a line for
 * every tenth of them. A span that is done in one step is not worth a word.
 */
export function createRecomputeProgress(
  output: ProgressOutput = process.stderr,
): (progress: RecomputeProgress) => void {
  let tenthsTold = 0;
  return ({ deviceId, doneReadings, totalReadings, ...span }) => {
    const text = `${deviceId}, ${describeSpan(span)}: ${doneReadings} of ${totalReadings} readings computed anew`;
    const isDone = doneReadings >= totalReadings;
    if (output.isTTY === true) {
      // The rest of a longer line is wiped out (ECMA-48, EL).
      output.write(`\r${text}\u001b[K${isDone ? '\n' : ''}`);
      return;
    }
    const tenths = Math.floor((doneReadings / totalReadings) * 10);
    // Another span has begun.
    if (tenths < tenthsTold) tenthsTold = 0;
    if (tenths > tenthsTold) output.write(`${text}\n`);
    tenthsTold = tenths;
  };
}
