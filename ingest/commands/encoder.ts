import type { CommandRequest } from '../../domain/command.ts';

/** A command as the device wants to have it. */
export interface EncodedCommand {
  readonly ok: true;
  /** LoRaWAN application port. */
  readonly fPort: number;
  readonly bytes: Uint8Array;
}

/** Why a device cannot be asked this. */
export interface CommandRefusal {
  readonly ok: false;
  /** `unsupported`: the model has no such setting, or no document says how; `out-of-range`: it has, but not this value. */
  readonly reason: 'unsupported' | 'out-of-range';
  readonly detail: string;
}

export type EncodeResult = EncodedCommand | CommandRefusal;

/** Writes the commands of some models. Pure; raw bytes are not its business. */
export interface CommandEncoder {
  /** Models as devices are registered with them, such as `milesight/em400-mud`. */
  readonly models: readonly string[];
  /** Where the layout was learnt. */
  readonly source: string;
  encode(command: Settable, model: string): EncodeResult;
}

/** Everything but raw bytes. */
export type Settable = Exclude<CommandRequest, { readonly kind: 'raw' }>;

/** The model has no such setting that a document tells of. */
export function unsupported(model: string, { kind }: Settable): CommandRefusal {
  const detail = `${model} has no documented way to ${kind}; raw bytes can be sent`;
  return { ok: false, reason: 'unsupported', detail };
}

/** A bound of a value that a maker's document gives. */
export interface Range {
  readonly least: number;
  readonly most: number;
  /** Unit of the wire in the unit of the command, such as 3600 for hours out of seconds. */
  readonly step?: number;
}

/**
 * The value in the unit of the wire, or the refusal that names it. `name` is what people call the value, with its unit.
 * Bounds are in the unit of the command.
 */
export function toWire(
  name: string,
  value: number,
  { least, most, step = 1 }: Range,
): { readonly ok: true; readonly value: number } | CommandRefusal {
  const inUnits = value / step;
  if (value >= least && value <= most && Number.isInteger(inUnits)) {
    return { ok: true, value: inUnits };
  }
  const inSteps = step === 1 ? '' : ` in steps of ${step}`;
  const detail = `${name} must be from ${least} to ${most}${inSteps}, not ${value}`;
  return { ok: false, reason: 'out-of-range', detail };
}

/** A 16-bit number, low byte first. */
export function lowFirst(value: number): readonly [number, number] {
  return [value & 0xff, value >> 8];
}

/** A 16-bit number, high byte first. */
export function highFirst(value: number): readonly [number, number] {
  return [value >> 8, value & 0xff];
}
