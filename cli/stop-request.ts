/** How often to look whether npm is still there, ms. */
const PARENT_POLL_MS = 500;

/** 128 and the number of the signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** So soon after the first it is no second one: npm passes on what the terminal has sent to everybody already. */
const SAME_SIGNAL_MS = 500;

/**
 * Resolves with the reason once this process is asked to stop: by SIGTERM, Ctrl-C, or the end of its terminal. One that npm
 * started also stops when npm is gone: npm ends at SIGTERM without passing it on through its shell.
 */
export function awaitStopRequest(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => resolve(signal));
    }
    if (process.env['npm_lifecycle_event'] === undefined) return;
    const parent = process.ppid;
    const poll = setInterval(() => {
      if (process.ppid !== parent) resolve('npm is gone');
    }, PARENT_POLL_MS);
    poll.unref();
  });
}

/**
 * The same for a part that a supervisor runs: it stops us in its own order, so that what a terminal sends to everybody
 * changes nothing, and we also stop when it is gone.
 */
export function awaitSupervisorsStopRequest(): Promise<string> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve('SIGTERM'));
    process.on('SIGINT', () => {});
    process.on('SIGHUP', () => {});
    const end = (): void => resolve('the supervisor is gone');
    process.once('disconnect', end);
    // It may have ended while we were still loading: nobody heard of it then.
    if (process.connected !== true) end();
  });
}

/**
 * Lets a second Ctrl-C or SIGTERM end this process at once. Call it after the first one.
 * @param end gets the exit code, which is the shell's number for a process that the signal has ended
 */
export function endAtNextSignal(end: (exitCode: number) => void): void {
  const firstAtMs = performance.now();
  for (const [signal, exitCode] of Object.entries(EXIT_CODES)) {
    process.on(signal, () => {
      if (performance.now() - firstAtMs >= SAME_SIGNAL_MS) end(exitCode);
    });
  }
}
