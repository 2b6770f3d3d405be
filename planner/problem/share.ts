import type { Matrix } from './matrix.ts';
import type { Problem } from './problem.ts';

/** The problem with its matrices in memory that threads share: however many there are, it is there once. */
export function shareMatrices(problem: Problem): Problem {
  const matrices = new Map<string, Matrix>();
  for (const [profile, { size, seconds, metres }] of problem.matrices) {
    const shared = shareNumbers(seconds);
    const same = seconds === metres;
    matrices.set(profile, { size, seconds: shared, metres: same ? shared : shareNumbers(metres) });
  }
  return { ...problem, matrices };
}

function shareNumbers(numbers: Int32Array): Int32Array {
  if (numbers.buffer instanceof SharedArrayBuffer) return numbers;
  const shared = new Int32Array(new SharedArrayBuffer(numbers.byteLength));
  shared.set(numbers);
  return shared;
}
