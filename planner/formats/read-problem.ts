import type { Problem } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';
import { readKim } from './kim.ts';
import { readSolomon } from './solomon.ts';
import { readTunnaJson } from './tunna-json.ts';
import { isVroom, readVroom } from './vroom.ts';
import { readVrplib } from './vrplib.ts';

/** Reads a problem in any form we know, told by its text. @throws FormatError with the line or place and the reason. */
export function readProblem(text: string): Problem {
  const start = text.trimStart();
  if (start.startsWith('{')) {
    const json = parseJson(start);
    return isVroom(json) ? readVroom(json) : readTunnaJson(json);
  }
  if (/^\s*DIMENSION\s*:/m.test(text)) return readVrplib(text);
  if (/^\s*NUMBER\s+CAPACITY/im.test(text)) return readSolomon(text);
  if (/Stop_Type/.test(text)) return readKim(text);
  throw new FormatError(
    'This is none of the known forms: Tunna JSON, VROOM JSON, VRPLIB, Solomon, Kim',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError(error instanceof Error ? error.message : String(error));
  }
}
