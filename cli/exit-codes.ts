/** What `tunna` tells the shell. The numbers from 64 on are those of sysexits.h. */
export const EXIT = {
  ok: 0,
  /** Something failed; the message says what. */
  failure: 1,
  /** The arguments make no sense. */
  usage: 2,
  /** A port is taken, or the data folder by another `tunna start`. */
  unavailable: 69,
  /** The settings, the schema or the credentials do not allow a start; trying again will not help. */
  config: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that we expect: told in one line, without a stack, and answered with this exit code. */
export class Refusal extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Refusal';
    this.exitCode = exitCode;
  }
}
