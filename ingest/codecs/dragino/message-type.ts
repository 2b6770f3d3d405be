import { hexByte, NO_TELEMETRY, refuse } from '../codec.ts';
import type { DecodeResult } from '../codec.ts';

const NORMAL = 1;
/** What the device is set to, in the place of a measurement. */
const CONFIGURATION = 2;

/** The result of a frame that is no measurement by its last byte, or `undefined` when it is one. */
export function judgeMessageType(payload: Uint8Array): DecodeResult | undefined {
  const type = payload.at(-1);
  if (type === NORMAL) return undefined;
  return type === CONFIGURATION
    ? NO_TELEMETRY
    : refuse(`unknown message type ${hexByte(type ?? 0)}`);
}
