import { pino } from 'pino';
import type { Logger } from 'pino';
import { formatLogLine } from './log-line.ts';

/** Names under which something might log a secret by mistake. */
const REDACTED = ['token', 'password', 'secret', '*.token', '*.password', '*.secret'];

/**
 * The log of one part, on standard output: lines for people on a terminal, JSON elsewhere (also under a supervisor,
 * which formats it).
 */
export function createLog(part: string, level: string): Logger {
  const options = { level, base: { part }, redact: REDACTED };
  if (process.stdout.isTTY !== true) return pino(options, pino.destination({ fd: 1, sync: true }));
  return pino(options, {
    write: (line) => process.stdout.write(`${formatLogLine(line.trimEnd(), true)}\n`),
  });
}
