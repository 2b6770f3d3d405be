import type { Command } from 'commander';
import { watchOutputErrors } from './output-errors.ts';
import { reportFailure } from './report-failure.ts';

/** Runs a command on this process's arguments; ends the process, with one line and an exit code, when it fails. */
export async function runCommand(create: () => Command): Promise<void> {
  // What we write is for this user only: the data folder holds credentials and where people throw what.
  process.umask(0o077);

  watchOutputErrors();
  try {
    await create().parseAsync();
  } catch (error) {
    const { text, exitCode } = reportFailure(error);
    if (text !== undefined) process.stderr.write(`tunna: ${text}\n`);
    process.exit(exitCode);
  }
}
