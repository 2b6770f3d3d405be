import type { BinId, DeviceId } from '../../domain/ids.ts';
import type { Store } from '../../store/database.ts';
import { mountDevice, unmountDevice } from '../../store/mount-device.ts';
import { toGeometry } from '../arguments.ts';
import type { GeometryOptions } from '../arguments.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { print } from '../print.ts';

export interface MountArguments {
  readonly deviceId: DeviceId;
  readonly binId: BinId;
  readonly options: GeometryOptions & { readonly from?: number };
}

export async function mount(
  store: Store,
  { deviceId, binId, options }: MountArguments,
  nowMs: number,
): Promise<void> {
  const from = options.from === undefined ? {} : { fromMs: options.from };
  const geometry = toGeometry(options);
  const mounted = await mountDevice(store, { deviceId, binId, geometry, ...from }, nowMs);
  if (!mounted.ok) throw new Refusal(EXIT.failure, mounted.detail);
  const { recomputedReadings } = mounted;
  print(`${deviceId} is in ${binId}; ${recomputedReadings} readings were computed anew`);
}

export async function unmount(store: Store, deviceId: DeviceId, nowMs: number): Promise<void> {
  const unmounted = await unmountDevice(store, deviceId, nowMs);
  if (unmounted === undefined) throw new Refusal(EXIT.failure, `${deviceId} is in no bin`);
  print(`${deviceId} is no longer in ${unmounted.binId}`);
}
