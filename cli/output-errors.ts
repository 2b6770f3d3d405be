import { errorText } from '../domain/error-text.ts';
import { EXIT } from './exit-codes.ts';

let survives = false;

/**
 * Ends a command in good order when its output cannot be written: a reader that has seen enough
 * (`tunna bin list | head`) is no failure, a full disk is one.
 */
export function watchOutputErrors(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (survives) return;
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    process.stderr.write(`tunna: the output cannot be written: ${errorText(error)}\n`);
    process.exit(EXIT.failure);
  });
  // Whoever does not read what went wrong still gets the exit code.
  process.stderr.on('error', () => {});
}

/** For what runs on: lines that nobody takes are dropped, be it that a terminal is gone or that the log's disk is full. */
export function surviveOutputErrors(): void {
  survives = true;
}
