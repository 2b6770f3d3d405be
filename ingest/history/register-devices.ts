import type { Geometry } from '../../domain/geometry.ts';
import { parseBinId } from '../../domain/ids.ts';
import type { BinId, DeviceId } from '../../domain/ids.ts';
import { findBin } from '../../store/bins.ts';
import type { Store } from '../../store/database.ts';
import { findDevice, saveDevices } from '../../store/devices.ts';
import { mountDevice } from '../../store/mount-device.ts';
import { listMountings } from '../../store/mountings.ts';
import { listOpenIds } from '../../store/views/quarantine-list.ts';
import type { QuarantineReason } from '../quarantine-reason.ts';
import { replayQuarantine } from '../replay.ts';
import type { Source } from '../sources/source.ts';
import type { HistoryRecord } from './history-format.ts';

/** What became known through an import. */
export interface Registrations {
  readonly created: readonly { readonly deviceId: DeviceId; readonly binId: BinId }[];
  /** Devices that stay unknown, since there is no such bin. */
  readonly withoutBin: readonly { readonly deviceId: DeviceId; readonly binId: BinId | null }[];
  /** Messages of the file's devices that had waited in the quarantine and are stored now. */
  readonly resolved: number;
}

/**
 * Registers the devices of a file that nobody knows, each in the bin that the file names, else in the bin of the same id, since the
 * beginning. Bins must be there. What is in a bin, or has been, stays as it is.
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

  /** Registers what these records need, and stores what their devices have waiting in the quarantine. */
  async prepare(records: readonly HistoryRecord[]): Promise<void> {
    for (const { deviceId, binId, problem } of records) {
      if (deviceId === undefined || problem !== undefined || this.#seen.has(deviceId)) continue;
      if (this.#options.signal?.aborted === true) return;
      this.#seen.add(deviceId);
      const isKnown = await this.#register(deviceId, binId ?? parseBinId(deviceId) ?? null);
      if (isKnown) await this.#replayWaiting(deviceId);
    }
  }

  /** Whether the device is known then. */
  async #register(deviceId: DeviceId, binId: BinId | null): Promise<boolean> {
    const { geometry, now } = this.#options;
    const isKnown = (await findDevice(this.#store, deviceId)) !== undefined;
    // One that was registered and not mounted: a run was cut off between the two, or somebody began by hand.
    if (isKnown && (await listMountings(this.#store.db, [deviceId])).length > 0) return true;
    if (binId === null || (await findBin(this.#store, binId)) === undefined) {
      if (!isKnown) this.#withoutBin.push({ deviceId, binId });
      return isKnown;
    }
    if (!isKnown) {
      await saveDevices(this.#store, [{ id: deviceId, model: null, reportIntervalSeconds: null }]);
    }
    const mounting = { deviceId, binId, geometry, fromMs: 0 };
    const mounted = await mountDevice(this.#store, mounting, now());
    if (!mounted.ok) {
      throw new Error(`${deviceId} cannot be mounted in ${binId}: ${mounted.detail}`);
    }
    this.#created.push({ deviceId, binId });
    return true;
  }

  /** Also of a device that was known before: an earlier run may have been cut off here. */
  async #replayWaiting(deviceId: DeviceId): Promise<void> {
    const { now, sources, signal, onReplay } = this.#options;
    const waiting = { deviceId, reason: 'unknown-device' satisfies QuarantineReason };
    let afterId = 0;
    while (signal?.aborted !== true) {
      const ids = await listOpenIds(this.#store, waiting, { afterId, limit: REPLAYED_AT_ONCE });
      const last = ids.at(-1);
      if (last === undefined) return;
      this.#resolved += (await replayQuarantine(this.#store, ids, now(), sources)).resolved;
      onReplay?.(deviceId, this.#resolved);
      afterId = last;
    }
  }
}

export interface RegistrarOptions {
  /** Of all created mountings; null: the levels come as fills. */
  readonly geometry: Geometry | null;
  readonly sources?: readonly Source[];
  readonly now: () => number;
  /** Ends the replay of what waits after the part under way. */
  readonly signal?: AbortSignal;
  /** Told how many messages have come out of the quarantine so far, and of which device the last were. */
  readonly onReplay?: (deviceId: DeviceId, resolved: number) => void;
}

/** So many messages come out of the quarantine before it is told how far that is. */
const REPLAYED_AT_ONCE = 200;
