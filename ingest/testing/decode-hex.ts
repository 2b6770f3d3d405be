import type { DecodeResult } from '../codecs/codec.ts';
import { findCodec } from '../codecs/registry.ts';

/** Decodes bytes written in hexadecimal, as a device of this model would have sent them. */
export function decodeHex(model: string, hex: string, fPort: number | undefined): DecodeResult {
  const codec = findCodec(model);
  if (codec === undefined) throw new Error(`no codec for ${model}`);
  return codec.decode(new Uint8Array(Buffer.from(hex, 'hex')), fPort);
}

/** The frame cut short after every byte but the last, from nothing at all on. */
export function cutShort(hex: string): string[] {
  return Array.from({ length: hex.length / 2 }, (_, byteCount) => hex.slice(0, byteCount * 2));
}

/** A frame that was understood and has one measurement. */
export const measuredOnce = (measurement: object) => ({ ok: true, measurements: [measurement] });

/** A frame that was understood and measured nothing. */
export const WITHOUT_TELEMETRY = { ok: true, measurements: [] };

/** A frame that was refused with some reason. */
export const isRefused = (result: DecodeResult): boolean => !result.ok && result.reason !== '';
