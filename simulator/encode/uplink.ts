/** A message ready to be published. */
export interface Uplink {
  readonly topic: string;
  readonly payload: Buffer;
}

/** Which message of a sensor this is. */
export interface Frame {
  /** 0 for the history, else the number of the simulator's start: a boot of own devices, a join of radio sensors. */
  readonly session: number;
  /** Counts the messages of a session from 0, lost ones too. */
  readonly counter: number;
  /** 0 the first time, 1 when it comes again. */
  readonly copy: number;
  /** When the network heard it, ms since 1970. */
  readonly heardAtMs: number;
}

/** Tells a sensor's messages apart. */
export function frameKey(session: number, counter: number): string {
  return `${session}/${counter}`;
}
