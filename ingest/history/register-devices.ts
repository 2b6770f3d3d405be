import type { Geometry } from '../../domain/geometry.ts';
import { parseBinId } from '../../domain/ids.ts';
import type { BinId, DeviceId } from '../../domain/ids.ts';
import { findBin } from '../../store/bins.ts';
import type { Store } from '../../store/database.ts';
import { findDevice, saveDevices } from '../../store/devices.ts';
import { mountDevice } from '../../store/mount-device.ts';
import { listMountings } from '../../store/mountings.ts';
import { listQuarantine } from '../../store/quarantine.ts';
import { replayQuarantine } from '../replay.ts';
import type { Source } from '../sources/source.ts';
import type { HistoryRecord } from './history-format.ts';

/** What became known through an import. */
export interface Registrations {
  readonly created: readonly { readonly deviceId: DeviceId; readonly binId: BinId }[];
  /** Devices that stay unknown, since there is no such bin. */
  readonly withoutBin: readonly { readonly deviceId: DeviceId; readonly binId: BinId | null }[];
  /** Messages of the created devices that had waited in the quarantine and are stored now. */
  readonly resolved: number;
}

/**
 * Registers the devices of a file that nobody knows, each in the bin that the file names, else in the bin of the same id, since the
 * beginning. Bins must be there. What is registered already stays as it is.
 */
export class DeviceRegistrar {
  readonly #store: Store;
  readonly #options: RegistrarOptions;
  readonly #seen = new Set<DeviceId>();
  readonly #created: { deviceId: DeviceId; binId: BinId }[] = [];
  readonly #withoutBin: { deviceId: DeviceId; binId: BinId | null }[] = [];
  #resolved = 0;

  constructor(store: Store, options: RegistrarOptions) {
    this.#store = store;
    this.#options = options;
  }

  get registrations(): Registrations {
    return { created: this.#created, withoutBin: this.#withoutBin, resolved: this.#resolved };
  }

  /** Registers what these records need. */
  async prepare(records: readonly HistoryRecord[]): Promise<void> {
    for (const { deviceId, binId, problem } of records) {
      if (deviceId === undefined || problem !== undefined || this.#seen.has(deviceId)) continue;
      this.#seen.add(deviceId);
      await this.#register(deviceId, binId ?? parseBinId(deviceId) ?? null);
    }
  }

  async #register(deviceId: DeviceId, binId: BinId | null): Promise<void> {
    const { geometry, now, sources } = this.#options;
    const isKnown = (await findDevice(this.#store, deviceId)) !== undefined;
    // One that was registered and not mounted: a run was cut off between the two, or somebody began by hand.
    if (isKnown && (await listMountings(this.#store.db, [deviceId])).length > 0) return;
    if (binId === null || (await findBin(this.#store, binId)) === undefined) {
      if (!isKnown) this.#withoutBin.push({ deviceId, binId });
      return;
    }
    if (!isKnown) {
      await saveDevices(this.#store, [{ id: deviceId, model: null, reportIntervalSeconds: null }]);
    }
    const mounted = await mountDevice(this.#store, { deviceId, binId, geometry, fromMs: 0 }, now());
    if (!mounted.ok)
      throw new Error(`${deviceId} cannot be mounted in ${binId}: ${mounted.detail}`);
    this.#created.push({ deviceId, binId });
    const waiting = await listQuarantine(this.#store.db, { deviceId, limit: MOST_REPLAYED });
    const ids = waiting.map(({ id }) => id).reverse();
    this.#resolved += (await replayQuarantine(this.#store, ids, now(), sources)).resolved;
  }
}

export interface RegistrarOptions {
  /** Of all created mountings; null: the levels come as fills. */
  readonly geometry: Geometry | null;
  readonly sources?: readonly Source[];
  readonly now: () => number;
}

/** More than a sensor sends in years. */
const MOST_REPLAYED = 1_000_000;
