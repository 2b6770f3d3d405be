/** What became of a command, in the order in which it usually does. */
export const COMMAND_STATES = ['queued', 'sent', 'acknowledged', 'failed', 'expired'] as const;

/**
 * `queued`: waits here for a connection. `sent`: whoever carries it on has it: the device itself, or its network server.
 * `acknowledged`: the device says that it has it. `failed`: somebody said that it will not arrive, or a person took it back.
 * `expired`: its time was over before the device had answered.
 */
export type CommandState = (typeof COMMAND_STATES)[number];

/** What a device may be asked to do. */
export type CommandRequest =
  /** How often it reports; where a device reports sooner on change, the longest time between two reports. */
  | { readonly kind: 'set-report-interval'; readonly seconds: number }
  /** How often it measures. */
  | { readonly kind: 'set-measure-interval'; readonly seconds: number }
  /** Distance at or below which it says that its bin is full. */
  | { readonly kind: 'set-full-threshold'; readonly distanceMm: number }
  /** Temperature from which it says that its bin burns. */
  | { readonly kind: 'set-fire-threshold'; readonly temperatureC: number }
  /** Lean from upright from which it says that its bin has fallen over. */
  | { readonly kind: 'set-tilt-threshold'; readonly degrees: number }
  /** From the sensor to the floor of the empty bin: its height of installation. */
  | { readonly kind: 'set-empty-distance'; readonly distanceMm: number }
  /** Distance below which it cannot measure. */
  | { readonly kind: 'set-blind-zone'; readonly distanceMm: number }
  /** Bytes as the maker's manual has them, for experts. `fPort` is LoRaWAN's. */
  | { readonly kind: 'raw'; readonly fPort?: number; readonly bytes: Uint8Array };

export type CommandKind = CommandRequest['kind'];

/** A command's id: a UUID in lower case, because network servers take no other form. */
export const COMMAND_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** When each thing happened to a command, ms since 1970; null: it has not. */
export interface CommandTimes {
  readonly sentAtMs: number | null;
  readonly acknowledgedAtMs: number | null;
  readonly failedAtMs: number | null;
  readonly expiredAtMs: number | null;
}

/**
 * The state that follows from all that is known, in whichever order it became known: the device's own word goes before
 * everything else, and what a network server says before what a clock says.
 */
export function commandStateOf(times: CommandTimes): CommandState {
  if (times.acknowledgedAtMs !== null) return 'acknowledged';
  if (times.failedAtMs !== null) return 'failed';
  if (times.expiredAtMs !== null) return 'expired';
  return times.sentAtMs === null ? 'queued' : 'sent';
}
