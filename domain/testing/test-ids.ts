import { parseBinId, parseDeviceId } from '../ids.ts';
import type { BinId, DeviceId } from '../ids.ts';

/** Ids for tests; each throws on a text that is none. */
export function binId(text: string): BinId {
  const id = parseBinId(text);
  if (id === undefined) throw new Error(`${text} is no bin id`);
  return id;
}

export function deviceId(text: string): DeviceId {
  const id = parseDeviceId(text);
  if (id === undefined) throw new Error(`${text} is no device id`);
  return id;
}
