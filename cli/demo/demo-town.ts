import path from 'node:path';
import { HISTORY_PRINCIPAL_ID, townRegistrations } from '../../simulator/register.ts';
import { createTown } from '../../simulator/town.ts';
import type { Town } from '../../simulator/town.ts';
import type { Store } from '../../store/database.ts';
import { dataPaths } from '../data-folder.ts';
import type { Settings } from '../settings/settings.ts';
import { refuseSimulator } from './refuse-simulator.ts';
import { registerTown } from './register-town.ts';

/** The simulated town of the settings, made known, with what its simulator needs. */
export interface DemoTown {
  readonly town: Town;
  readonly credentials: ReadonlyMap<string, string>;
  readonly historyPrincipal: { readonly id: string; readonly token: string } | undefined;
  /** One for each town: another seed begins anew. */
  readonly stateFile: string;
}

/** Registers the town where it is not registered yet. */
export async function prepareDemoTown(
  settings: Settings,
  store: Store,
  nowMs: number,
): Promise<DemoTown> {
  refuseSimulator(settings);
  const { seed, bins } = settings.simulator;
  const town = createTown({ seed, binCount: bins });
  const folder = dataPaths(settings.dataFolder).simulator;
  const credentials = await registerTown(store, townRegistrations(town), folder, nowMs);
  const token = credentials.get(HISTORY_PRINCIPAL_ID);
  return {
    town,
    credentials,
    historyPrincipal: token === undefined ? undefined : { id: HISTORY_PRINCIPAL_ID, token },
    stateFile: path.join(folder, `town-${seed}-${bins}.json`),
  };
}
