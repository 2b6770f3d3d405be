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

/**
 * One line of a part's output on its way to ours: `broker    | 12:34:56 info  ...` for people, one JSON object for
 * machines, also where the part wrote something else.
 */
export function formatPartLine(
  part: PartName | 'tunna',
  line: string,
  options: { readonly forPeople: boolean; readonly nowMs: number },
): string {
  if (options.forPeople) {
    const name = styleText(COLOURS[part], part.padEnd(WIDTH), { validateStream: false });
    return `${name} | ${formatLogLine(line, true)}`;
  }
  if (line.startsWith('{')) return line;
  return JSON.stringify({ level: 50, time: options.nowMs, part, msg: line });
}
