import type { BinId, DeviceId } from '../../domain/ids.ts';
import type { Store } from '../../store/database.ts';
import { findDeviceModel } from '../../store/device-model.ts';
import { mountDevice, unmountDevice } from '../../store/mount-device.ts';
import { listMountings } from '../../store/mountings.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { formatTime, print } from '../print.ts';
import { assertGeometryFits } from './assert-geometry-fits.ts';
import { describeSpan } from './describe-span.ts';
import { toGeometry } from './geometry-options.ts';
import type { GeometryOptions } from './geometry-options.ts';
import { createRecomputeProgress } from './recompute-progress.ts';

export interface MountArguments {
  readonly deviceId: DeviceId;
  readonly binId: BinId;
  readonly options: GeometryOptions & { readonly from?: number; readonly to?: number };
}

export async function mount(
  store: Store,
  { deviceId, binId, options }: MountArguments,
  nowMs: number,
): Promise<void> {
  const { from, to } = options;
  const geometry = toGeometry(options);
  assertGeometryFits(geometry, await findDeviceModel(store, deviceId));
  const span = {
    ...(from === undefined ? {} : { fromMs: from }),
    ...(to === undefined ? {} : { toMs: to }),
  };
  const mounting = { deviceId, binId, geometry, ...span };
  const onProgress = createRecomputeProgress();
  const mounted = await mountDevice(store, mounting, nowMs, { onProgress });
  if (!mounted.ok) throw new Refusal(EXIT.failure, mounted.detail);
  print(`${deviceId} is in ${binId}; ${mounted.recomputedReadings} readings were computed anew`);
}

/** Takes a sensor out of its bin, now or at a time in the past. */
export async function unmount(
  store: Store,
  deviceId: DeviceId,
  { at, nowMs }: { readonly at: number | undefined; readonly nowMs: number },
): Promise<void> {
  const open = (await listMountings(store.db, [deviceId])).find(({ toMs }) => toMs === null);
  if (open === undefined) throw new Refusal(EXIT.failure, `${deviceId} is in no bin`);
  if (at !== undefined && at <= open.fromMs) {
    const since = formatTime(open.fromMs) ?? '';
    const message = `${deviceId} came into ${open.binId} at ${since}; it must be taken out after that`;
    throw new Refusal(EXIT.failure, message);
  }
  const onProgress = createRecomputeProgress();
  const unmounted = await unmountDevice(store, deviceId, at ?? nowMs, { onProgress });
  if (unmounted === undefined) throw new Refusal(EXIT.failure, `${deviceId} is in no bin`);
  const { binId, recomputedReadings } = unmounted;
  const span = describeSpan({ fromMs: at ?? nowMs, toMs: null });
  print(
    `${deviceId} is no longer in ${binId}; ${recomputedReadings} readings ${span} belong to no bin`,
  );
}
