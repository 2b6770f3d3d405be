import { deviceId } from '../../domain/testing/test-ids.ts';
import type { Store } from '../../store/database.ts';
import { createToken, savePrincipals } from '../../store/principals.ts';
import { registerSensors } from '../register-sensors.ts';
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
  await registerSensors(
    store,
    Array.from({ length: bins }, (_, index) => ({ id: deviceId(`dev-${index}`), model: null })),
  );
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
