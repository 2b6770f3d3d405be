import type { Problem } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';
import { readKim } from './kim.ts';
import { shorten } from './lines.ts';
import { readSolomon } from './solomon.ts';
import { readTunnaJson } from './tunna-json.ts';
import { isVroom, readVroom } from './vroom.ts';
import { readVrplib } from './vrplib.ts';

/** Reads a problem in any form we know, told by its text. @throws FormatError with the line or place and the reason. */
export function readProblem(text: string): Problem {
  if (/^\s*[{[]/.test(text)) {
    const json = parseJson(text);
    return isVroom(json) ? readVroom(json) : readTunnaJson(json);
  }
  if (/^[ \t]*DIMENSION[ \t]*:/m.test(text)) return readVrplib(text);
  if (/^[ \t]*NUMBER[ \t]+CAPACITY/im.test(text)) return readSolomon(text);
  if (/Stop_Type/i.test(text)) return readKim(text);
  throw new FormatError(
    'This is none of the known forms: Tunna JSON, VROOM JSON, VRPLIB, Solomon, Kim',
  );
}

function parseJson(text: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(`this is no JSON: ${shorten(reason)}`, lineOfMistake(json));
  }
}

/** The first line at whose end the text can no longer become JSON: the parser's messages do not always say. */
function lineOfMistake(json: string): number {
  const ends = [...json.matchAll(/\n/g)].map(({ index }) => index + 1);
  let [good, bad] = [0, ends.length];
  while (good < bad) {
    const middle = Math.floor((good + bad) / 2);
    if (isBeginning(json.slice(0, ends[middle]))) good = middle + 1;
    else bad = middle;
  }
  return good + 1;
}

/** Whether more text could make it JSON: the parser complains of its end, if at all. */
function isBeginning(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    const [, position] = /at position (\d+)/.exec(reason) ?? [];
    return /^Unexpected end|^Unterminated/.test(reason) || Number(position) === json.length;
  }
}
