import { parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';
import { decodeBase64 } from './base64.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { refuse } from './uplink.ts';
import type { Refusal } from './uplink.ts';

/** LoRaWAN 1.0.4, 4.3.1.5: counters have 32 bits. */
export const MAX_FRAME_COUNTER = 0xffff_ffff;
/** LoRaWAN 1.0.4, 4.3.2: ports are one byte; port 0 carries MAC commands, never application data. */
export const MAX_PORT = 0xff;

const EUI64 = /^[0-9a-fA-F]{16}$/;

/** The DevEUI as a device id, lower case, or `undefined` when it is not 16 hex digits. */
export function readDevEui(text: string): DeviceId | undefined {
  return EUI64.test(text) ? parseDeviceId(text) : undefined;
}

/** A time a network server wrote; absent is fine, nonsense is not. */
export function readServerTime(
  path: string,
  text: string | null | undefined,
  deviceId: DeviceId,
): { readonly ok: true; readonly atMs: number | undefined } | Refusal {
  if (text === undefined || text === null) return { ok: true, atMs: undefined };
  const atMs = parseRfc3339(text);
  if (atMs !== undefined) return { ok: true, atMs };
  return refuse('clock', `${path}: "${text}" is not an RFC 3339 time`, deviceId);
}

/** Base64 of the sensor's bytes; absent means none (proto-JSON leaves out what is empty). */
export function readFrameBytes(
  path: string,
  text: string | null | undefined,
  deviceId: DeviceId,
): { readonly ok: true; readonly bytes: Uint8Array } | Refusal {
  const bytes = decodeBase64(text ?? '');
  if (bytes !== undefined) return { ok: true, bytes };
  return refuse('wrong-type', `${path}: expected base64`, deviceId);
}
