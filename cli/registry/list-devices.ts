import type { Store } from '../../store/database.ts';
import { listDevices } from '../../store/devices.ts';
import { listPrincipals } from '../../store/principals.ts';
import type { CloneSuspicion, Principal, PrincipalKind } from '../../store/principals.ts';
import { listRecomputes, sumProgress } from '../../store/recompute.ts';
import type { RecomputeProgress } from '../../store/recompute.ts';
import { formatTime } from '../print.ts';

/** A sensor, gateway or reader as `tunna device list --json` shows it. */
export interface DeviceListRow {
  readonly id: string;
  readonly kind: PrincipalKind;
  /** `none`: a gateway speaks for it; `suspected`: it connects, but may be two. */
  readonly access: 'token' | 'suspected' | 'revoked' | 'none';
  /** What speaks for its credential being in two places at once; null: nothing. */
  readonly suspicion: CloneSuspicion | null;
  readonly model: string | null;
  readonly reportIntervalSeconds: number | null;
  readonly binId: string | null;
  readonly lastSeenAt: string | null;
  readonly batteryPercent: number | null;
  readonly prefixes: readonly string[];
  readonly backfill: boolean;
  /** Readings of corrected mountings that are being computed anew; null: none are. */
  readonly recompute: Pick<RecomputeProgress, 'doneReadings' | 'totalReadings'> | null;
}

/** Everything registered, in order of id: sensors with or without a token, gateways, readers. */
export async function listDeviceRows(store: Store): Promise<DeviceListRow[]> {
  const principals = new Map((await listPrincipals(store)).map((item) => [item.id, item]));
  const recomputes = await listRecomputes(store.db);
  const rows: DeviceListRow[] = (await listDevices(store)).map(({ lastSeenAtMs, ...device }) => {
    const principal = principals.get(device.id);
    principals.delete(device.id);
    return {
      ...device,
      ...describeAccess(principal),
      lastSeenAt: formatTime(lastSeenAtMs),
      recompute: sumProgress(recomputes.filter(({ deviceId }) => deviceId === device.id)),
    };
  });
  for (const principal of principals.values()) {
    rows.push({
      id: principal.id,
      ...describeAccess(principal),
      model: null,
      reportIntervalSeconds: null,
      binId: null,
      lastSeenAt: null,
      batteryPercent: null,
      recompute: null,
    });
  }
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function describeAccess(
  principal: Principal | undefined,
): Pick<DeviceListRow, 'kind' | 'access' | 'suspicion' | 'prefixes' | 'backfill'> {
  if (principal === undefined) {
    return { kind: 'device', access: 'none', suspicion: null, prefixes: [], backfill: false };
  }
  const { kind, prefixes, backfill, revokedAtMs, suspicion } = principal;
  const access = suspicion === null ? 'token' : 'suspected';
  return { kind, access: revokedAtMs === null ? access : 'revoked', suspicion, prefixes, backfill };
}
