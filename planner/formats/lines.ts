import { FormatError } from './format-error.ts';

/** A line of a text file without what surrounds it, with its number (1 is the first). */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/** Lines that hold something. Any line ending will do. */
export function splitLines(text: string): Line[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((raw, index) => ({ text: raw.trim(), number: index + 1 }))
    .filter((line) => line.text !== '');
}

/** The numbers of a line, which must be at least `least`. @throws FormatError otherwise. */
export function readNumbers(line: Line, least: number): number[] {
  const words = line.text.split(/[\s,;]+/);
  const numbers = words.map((word) => Number(word));
  const wrong = words.find((_, index) => !Number.isFinite(numbers[index]));
  if (wrong !== undefined) throw new FormatError(`"${wrong}" is not a number`, line.number);
  if (numbers.length < least) {
    throw new FormatError(
      `${least} numbers are expected, ${numbers.length} are there`,
      line.number,
    );
  }
  return numbers;
}
