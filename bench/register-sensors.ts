import type { DeviceId } from '../domain/ids.ts';
import { binId } from '../domain/testing/test-ids.ts';
import { GEOMETRY } from '../ingest/testing/sample-town.ts';
import { saveBins } from '../store/bins.ts';
import type { Store } from '../store/database.ts';
import { saveDevices } from '../store/devices.ts';
import { mountDevices } from '../store/mount-device.ts';

/** Registers sensors, each in a bin of its own: the first in `bin-0`, and so on. */
export async function registerSensors(
  store: Store,
  sensors: readonly { readonly id: DeviceId; readonly model: string | null }[],
): Promise<void> {
  await saveBins(
    store,
    sensors.map((_, index) => ({
      id: binId(`bin-${index}`),
      name: `Bin ${index}`,
      description: null,
      stream: 'residual',
      area: null,
      location: { lat: 59.15 + (index % 40) / 600, lng: 17.56 + Math.floor(index / 40) / 300 },
      volumeLitres: 660,
      thresholdPercent: 80,
    })),
  );
  await saveDevices(
    store,
    sensors.map((sensor) => ({ ...sensor, reportIntervalSeconds: 900 })),
  );
  const mountings = sensors.map(({ id }, index) => ({
    deviceId: id,
    binId: binId(`bin-${index}`),
    geometry: GEOMETRY,
  }));
  for (const result of await mountDevices(store, mountings, Date.now())) {
    if (!result.ok) throw new Error(result.detail);
  }
}
