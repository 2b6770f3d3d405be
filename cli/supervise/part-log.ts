import { styleText } from 'node:util';
import { formatLogLine } from '../log-line.ts';
import { PART_NAMES } from './part-message.ts';
import type { PartName } from './part-message.ts';

const COLOURS: Record<PartName | 'tunna', Parameters<typeof styleText>[0]> = {
  tunna: 'bold',
  broker: 'cyan',
  ingest: 'magenta',
  dashboard: 'blue',
  simulator: 'green',
};

const WIDTH = Math.max(...PART_NAMES.map((name) => name.length));

export interface PartLineOptions {
  /** A terminal rather than a program that reads JSON. */
  readonly forPeople: boolean;
  readonly colour: boolean;
  readonly nowMs: number;
}

/**
 * One line of a part's output on its way to ours: `broker    | 12:34:56 info  ...` for people, one JSON object for
 * machines, also where the part wrote something else.
 */
export function formatPartLine(
  part: PartName | 'tunna',
  line: string,
  options: PartLineOptions,
): string {
  const { forPeople, colour, nowMs } = options;
  if (forPeople) {
    const name = part.padEnd(WIDTH);
    const shown = colour ? styleText(COLOURS[part], name, { validateStream: false }) : name;
    return `${shown} | ${formatLogLine(line, colour)}`;
  }
  if (line.startsWith('{')) return line;
  return JSON.stringify({ level: 50, time: nowMs, part, msg: line });
}
