import { CommanderError } from 'commander';
import { errorText } from '../domain/error-text.ts';
import { EXIT, Refusal } from './exit-codes.ts';

/** What to print about a failure, if anything, and the exit code. */
export interface FailureReport {
  readonly text: string | undefined;
  readonly exitCode: number;
}

/** Expected failures get one line; only what must be a bug of ours comes with its stack. */
export function reportFailure(error: unknown): FailureReport {
  if (error instanceof CommanderError) {
    // Commander has printed its own message, or the help that was asked for.
    return { text: undefined, exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.usage };
  }
  if (error instanceof Refusal) return { text: error.message, exitCode: error.exitCode };
  if (isBug(error)) return { text: error.stack ?? error.message, exitCode: EXIT.failure };
  return { text: withCauses(error), exitCode: EXIT.failure };
}

function isBug(error: unknown): error is Error {
  const isSystemError = error instanceof Error && 'code' in error;
  return (
    !isSystemError &&
    (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
  );
}

function withCauses(error: unknown): string {
  const text = errorText(error);
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? text : `${text}: ${withCauses(cause)}`;
}
