import { requireProgram } from './programs.ts';

/**
 * Environment that makes a program read its wall clock from a file: `+2d`, `-1h`, or `@2038-01-19 03:14:00`.
 * The file may be rewritten while the program runs. Timers keep their pace, because the monotonic clock is left alone.
 */
export function fakeClockEnv(timestampFile: string): NodeJS.ProcessEnv {
  return {
    LD_PRELOAD: requireProgram('libfaketime').path,
    FAKETIME_TIMESTAMP_FILE: timestampFile,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}
