import type { Command } from 'commander';
import { reportFailure } from './report-failure.ts';

/** Runs a command on this process's arguments; ends the process, with one line and an exit code, when it fails. */
export async function runCommand(create: () => Command): Promise<void> {
  // What we write is for this user only: the data folder holds credentials and where people throw what.
  process.umask(0o077);

  // A reader that has seen enough (`tunna bin list | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });

  try {
    await create().parseAsync();
  } catch (error) {
    const { text, exitCode } = reportFailure(error);
    if (text !== undefined) process.stderr.write(`tunna: ${text}\n`);
    process.exit(exitCode);
  }
}
