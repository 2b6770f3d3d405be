import { pino } from 'pino';
import type { Logger } from 'pino';
import { formatLogLine } from './log-line.ts';

/** Names under which something might log a secret by mistake. */
const REDACTED = ['token', 'password', 'secret', '*.token', '*.password', '*.secret'];

/**
 * The log of one part, on standard output: lines for people on a terminal, JSON elsewhere (also under a supervisor,
 * which formats it). What becomes of a line that cannot be written is for `output-errors.ts` to say.
 */
export function createLog(part: string, level: string): Logger {
  const options = { level, base: { part }, redact: REDACTED };
  const { stdout } = process;
  // Through the stream, which writes at once to terminals, files and pipes, and whose errors we handle in one place.
  if (!stdout.isTTY) return pino(options, { write: (line) => stdout.write(line) });
  const colour = showsColours(stdout);
  return pino(options, {
    write: (line) => stdout.write(`${formatLogLine(line.trimEnd(), colour)}\n`),
  });
}

/** Whether a terminal shows colours and its user wants them (`NO_COLOR`, `TERM=dumb`). */
export function showsColours(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && stream.hasColors();
}
