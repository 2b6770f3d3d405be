import { z } from 'zod';
import type { DeviceId } from '../../domain/ids.ts';
import { refuse } from './uplink.ts';
import type { Refusal } from './uplink.ts';

/** What a `status` event says of the battery, in versions 3 and 4 alike. */
export const BATTERY_FIELDS = {
  batteryLevel: z.number().nullish(),
  batteryLevelUnavailable: z.boolean().nullish(),
  externalPowerSource: z.boolean().nullish(),
};

interface Battery {
  readonly batteryLevel?: number | null | undefined;
  readonly batteryLevelUnavailable?: boolean | null | undefined;
  readonly externalPowerSource?: boolean | null | undefined;
}

/** Percent, unless the device does not know it or hangs on the mains. */
export function readBattery(
  document: Battery,
  deviceId: DeviceId,
): { readonly ok: true; readonly percent: number | undefined } | Refusal {
  const { batteryLevel } = document;
  const unknown =
    document.batteryLevelUnavailable === true || document.externalPowerSource === true;
  if (batteryLevel === undefined || batteryLevel === null || unknown) {
    return { ok: true, percent: undefined };
  }
  if (batteryLevel >= 0 && batteryLevel <= 100) return { ok: true, percent: batteryLevel };
  return refuse('impossible', `batteryLevel ${batteryLevel} is outside 0..100`, deviceId);
}
