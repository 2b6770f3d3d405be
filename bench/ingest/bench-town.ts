import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import { GEOMETRY } from '../../ingest/testing/sample-town.ts';
import { saveBins } from '../../store/bins.ts';
import type { Store } from '../../store/database.ts';
import { saveDevices } from '../../store/devices.ts';
import { mountDevices } from '../../store/mount-device.ts';
import { createToken, savePrincipals } from '../../store/principals.ts';
import type { LoadClientOptions } from './load-client.ts';

/** Bins of a run, with a sensor each; the connections share them. */
export const TOWN_SIZE = 1000;

export type Login = Pick<LoadClientOptions, 'principalId' | 'token'>;

/**
 * Registers bins `bin-0` ... with a sensor `dev-0` ... each, and a gateway for each connection. Gateways speak for many
 * sensors and have no rate of their own, unlike a sensor, which may send 20 messages a second.
 */
export async function registerBenchTown(
  store: Store,
  connections: number,
  bins = TOWN_SIZE,
): Promise<Login[]> {
  const indexes = Array.from({ length: bins }, (_, index) => index);
  await saveBins(
    store,
    indexes.map((index) => ({
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
    indexes.map((index) => ({
      id: deviceId(`dev-${index}`),
      model: null,
      reportIntervalSeconds: 900,
    })),
  );
  const mountings = indexes.map((index) => ({
    deviceId: deviceId(`dev-${index}`),
    binId: binId(`bin-${index}`),
    geometry: GEOMETRY,
  }));
  for (const result of await mountDevices(store, mountings, Date.now())) {
    if (!result.ok) throw new Error(result.detail);
  }
  const logins = Array.from({ length: connections }, (_, index) => ({
    principalId: `gateway-${index}`,
    token: createToken(),
  }));
  await savePrincipals(
    store,
    logins.map(({ principalId: id, token }) => ({
      principal: { id, kind: 'gateway', prefixes: ['bins/#'], backfill: false },
      token,
    })),
  );
  return logins;
}
