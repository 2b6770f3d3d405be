import type { Store } from '../../store/database.ts';
import { saveDevices } from '../../store/devices.ts';
import { mountDevice, unmountDevice } from '../../store/mount-device.ts';
import { listQuarantine } from '../../store/quarantine.ts';
import type { RawArrival } from '../../store/quarantine.ts';
import { adoptDevice, replayQuarantine } from '../replay.ts';
import { storeArrivals } from '../store-arrivals.ts';
import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import { addBin, addMountedDevice, GEOMETRY } from './sample-town.ts';

/*
 * A story is what happens to a town: messages that each arrived somewhere at some time, and what people decided
 * meanwhile. It can be lived through in many ways, as doors and ingest are slow or fast; all must end alike.
 */

export const STORY_NOW_MS = Date.UTC(2026, 10, 24, 12);
export const CHIRPSTACK_EUI = '24e124713c140001';
export const THINGS_STACK_EUI = '70b3d5e75e000002';
export const NEWCOMER = 'newcomer';
const HALF_HOUR_MS = 30 * 60_000;

/** One step on the way through a story. */
export type Step =
  | { readonly kind: 'arrive'; readonly arrivals: readonly RawArrival[] }
  | { readonly kind: 'decide'; readonly decision: Decision }
  /** Everything in quarantine is tried again. */
  | { readonly kind: 'replay' };

/** What people decide. All of it names its times, so that it says the same whenever it is done. */
const DECISIONS = {
  async adoptNewcomer(store: Store) {
    const device = { id: deviceId(NEWCOMER), model: null, reportIntervalSeconds: 900 };
    const mounting = { binId: binId('bin-1'), geometry: GEOMETRY };
    await adoptDevice(store, { device, mounting }, STORY_NOW_MS);
  },
  async register(store: Store) {
    const id = deviceId(THINGS_STACK_EUI);
    await saveDevices(store, [{ id, model: null, reportIntervalSeconds: 900 }]);
    const mounting = { binId: binId('bin-2'), deviceId: id, geometry: GEOMETRY };
    await mountDevice(store, mounting, STORY_NOW_MS);
  },
  async move(store: Store) {
    const geometry = { ...GEOMETRY, emptyDistanceMm: 2200 };
    const mounting = { binId: binId('bin-3'), deviceId: deviceId('dev-1'), geometry };
    await mountDevice(store, { ...mounting, fromMs: STORY_NOW_MS - HALF_HOUR_MS }, STORY_NOW_MS);
  },
  async correctFromTheBeginning(store: Store) {
    const geometry = { ...GEOMETRY, fullDistanceMm: 400 };
    const mounting = { binId: binId('bin-2'), deviceId: deviceId('dev-1'), geometry };
    await mountDevice(store, { ...mounting, fromMs: 0 }, STORY_NOW_MS);
  },
  async changeGeometry(store: Store) {
    const geometry = { ...GEOMETRY, emptyDistanceMm: 1000, blindZoneMm: 180 };
    const mounting = { binId: binId('bin-2'), deviceId: deviceId(CHIRPSTACK_EUI), geometry };
    await mountDevice(store, { ...mounting, fromMs: STORY_NOW_MS }, STORY_NOW_MS);
  },
  async takeOut(store: Store) {
    await unmountDevice(store, deviceId('dev-1'), STORY_NOW_MS + HALF_HOUR_MS);
  },
};
export type Decision = keyof typeof DECISIONS;

/** In the order in which they are made. */
export const DECISION_NAMES = [
  'adoptNewcomer',
  'register',
  'move',
  'correctFromTheBeginning',
  'changeGeometry',
  'takeOut',
] as const satisfies readonly Decision[];

/** Two devices at home; of the others nobody knows yet. */
async function settleTown(store: Store): Promise<void> {
  const model = 'milesight/em400-mud';
  await addMountedDevice(store, { bin: 'bin-1', id: 'dev-1', model: null }, STORY_NOW_MS);
  await addMountedDevice(store, { bin: 'bin-2', id: CHIRPSTACK_EUI, model }, STORY_NOW_MS);
  await addBin(store, 'bin-3');
}

/** Lives through a story, and last tries once more what is in quarantine. */
export async function liveThrough(store: Store, steps: readonly Step[]): Promise<void> {
  await settleTown(store);
  for (const step of [...steps, { kind: 'replay' } as const]) {
    if (step.kind === 'decide') await DECISIONS[step.decision](store);
    else if (step.kind === 'replay') await replayEverything(store);
    else {
      const { arrivals } = step;
      await store.db.transaction().execute((trx) => storeArrivals(trx, store, arrivals));
    }
  }
}

async function replayEverything(store: Store): Promise<void> {
  const waiting = await listQuarantine(store.db, { limit: 10_000 });
  const ids = waiting.map(({ id }) => id);
  await replayQuarantine(store, ids, STORY_NOW_MS);
}
