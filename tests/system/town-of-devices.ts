import { addMountedDevice } from '../../ingest/testing/sample-town.ts';
import { createToken, savePrincipal } from '../../store/principals.ts';
import type { Principal } from '../../store/principals.ts';
import type { Store } from '../../store/database.ts';
import type { RunningTunna } from './running-tunna.ts';

/** Who publishes in a test, with its secret. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Registers a principal and returns what it connects with. */
export async function addPrincipal(
  store: Store,
  principal: Pick<Principal, 'id' | 'kind'> & Partial<Principal>,
): Promise<Credentials> {
  const token = createToken();
  await savePrincipal(store, { prefixes: [], backfill: false, ...principal }, token);
  return { username: principal.id, password: token };
}

/** Registers bins `bin-0` ... with a device `dev-0` ... each, and a gateway that may publish for all. */
export async function addTown(
  tunna: Pick<RunningTunna, 'openStore'>,
  size: number,
): Promise<Credentials> {
  await using opened = tunna.openStore();
  for (let index = 0; index < size; index += 1) {
    await addMountedDevice(
      opened.store,
      { bin: `bin-${index}`, id: `dev-${index}`, model: null },
      Date.now(),
    );
  }
  return await addPrincipal(opened.store, { id: 'gw', kind: 'gateway', prefixes: ['bins/#'] });
}
