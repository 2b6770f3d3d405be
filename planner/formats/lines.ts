import { FormatError } from './format-error.ts';

/** A line of a text file without what surrounds it, with its number (1 is the first). */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/** Further from zero no number of a file makes sense, and sums of them would no longer be exact. */
const MOST = 1e9;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Lines that hold something. Any line ending will do. */
export function splitLines(text: string): Line[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((raw, index) => ({ text: raw.trim(), number: index + 1 }))
    .filter((line) => line.text !== '');
}

/** @throws FormatError when the word is no decimal number, or a senselessly great one. */
export function readNumber(word: string, line: number): number {
  if (!NUMBER.test(word)) throw new FormatError(`"${shorten(word)}" is not a number`, line);
  const value = Number(word);
  if (Math.abs(value) > MOST) throw new FormatError(`${shorten(word)} is too great`, line);
  return value;
}

/** The numbers of a line, between blanks or tabs. @throws FormatError unless there are exactly `count`, or any number for -1. */
export function readNumbers(line: Line, count: number): number[] {
  const words = line.text.split(/\s+/);
  const numbers = words.map((word) => readNumber(word, line.number));
  if (count !== -1 && numbers.length !== count) {
    throw new FormatError(
      `${count} numbers are expected, ${numbers.length} are there`,
      line.number,
    );
  }
  return numbers;
}

/** What a message shows of a text from outside. */
export function shorten(text: string): string {
  const printable = text.replaceAll(/\p{Cc}/gu, '\uFFFD');
  return printable.length > 40 ? `${printable.slice(0, 40)}...` : printable;
}
