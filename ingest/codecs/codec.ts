import type { Measurement } from '../../domain/measurement.ts';

/**
 * What the bytes of one frame say. No measurements means a valid frame without telemetry, such as
 * a join packet, a version or a reply to a command: a sign of life, not a reading.
 */
export type DecodeResult =
  { readonly ok: true; readonly measurements: readonly Measurement[] } | RefusedFrame;

/** A frame that is not believed, with the reason in a sentence for the operator. */
export interface RefusedFrame {
  readonly ok: false;
  readonly reason: string;
}

/** Reads the frames of one sensor model. */
export interface Codec {
  /** Id of the model in Tunna, as a device is registered with it, such as `milesight/em400-mud`. */
  readonly model: string;
  /** Name for people. */
  readonly name: string;
  readonly maker: string;
  /** Where the layout was learnt. */
  readonly source: string;
  /**
   * What confirms that the layout is read rightly: `vectors` are payloads whose values are known from the
   * maker or from a network server's device repository; `layout` is the documented layout alone.
   */
  readonly evidence: 'vectors' | 'layout';
  /** What network servers call the model, in the form that `normaliseAlias` gives. */
  readonly aliases: readonly string[];
  /**
   * Reads one frame. Never throws: a frame that is cut short, has bytes left over or comes on a port the
   * model does not use gives the reason, and no level.
   */
  decode(payload: Uint8Array, fPort: number | undefined): DecodeResult;
}

/** A refused frame. */
export function refuse(reason: string): RefusedFrame {
  return { ok: false, reason };
}

/** A valid frame that measured nothing. */
export const NO_TELEMETRY: DecodeResult = { ok: true, measurements: [] };

/** The refusal of a frame that came on a port the model does not use. */
export function refusePort(fPort: number | undefined, known: string): RefusedFrame {
  return refuse(`fPort ${fPort ?? 'missing'} is not used by this model, which uses ${known}`);
}

/** A byte as people write it, such as `0x0a`. */
export function hexByte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
