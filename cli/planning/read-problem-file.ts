import { readFileSync, statSync } from 'node:fs';
import { errorText } from '../../domain/error-text.ts';
import { FormatError } from '../../planner/formats/format-error.ts';
import { readProblem } from '../../planner/formats/read-problem.ts';
import type { Problem } from '../../planner/problem/problem.ts';
import { EXIT, Refusal } from '../exit-codes.ts';

/** A file of 10,000 places with all ways between them has about as much. */
const MOST_BYTES = 1 << 29;

/** Reads a problem from a file, or for `-` from standard input. @throws Refusal with the line or place and the reason */
export function readProblemFile(file: string): Problem {
  let text: string;
  try {
    if (file !== '-' && statSync(file).size >= MOST_BYTES) {
      throw new Error(`it has more than ${MOST_BYTES} bytes`);
    }
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Refusal(EXIT.usage, `${file}: ${errorText(error)}`);
  }
  try {
    return readProblem(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Refusal(EXIT.usage, `${file}: ${error.message}`);
  }
}
