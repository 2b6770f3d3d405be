import type { Device } from '../store/devices.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { CommandEcho, CommandEvent } from '../store/command-events.ts';
import { isAnyOf } from '../store/any-of.ts';
import type { Trx } from '../store/database.ts';
import { listMountings } from '../store/mountings.ts';
import type { Mounting } from '../store/mountings.ts';
import type { Quarantined, RawArrival } from '../store/quarantine.ts';
import { collectNews, findEcho } from './commands/collect-news.ts';
import { judgeArrival } from './judge-arrival.ts';
import type { AcceptedUplink, KnownDevice, Verdict } from './judge-arrival.ts';
import type { Uplink } from './envelopes/uplink.ts';
import { readMessage } from './read-message.ts';
import { NO_SOURCES } from './sources/source.ts';
import type { Source } from './sources/source.ts';

/** The arrivals that are uplinks of known devices, and the others; and what any of them say of commands. */
export interface JudgedArrivals {
  readonly accepted: readonly AcceptedUplink[];
  readonly quarantined: readonly Quarantined[];
  /** Also of those set aside: a network server may name the device differently when it speaks of a command. */
  readonly commandEvents: readonly CommandEvent[];
  readonly echoes: readonly CommandEcho[];
}

/** Reads and judges messages by the registry as it stands in this transaction. */
export async function judgeArrivals(
  trx: Trx,
  arrivals: readonly RawArrival[],
  sources: readonly Source[] = NO_SOURCES,
): Promise<JudgedArrivals> {
  const accepted: AcceptedUplink[] = [];
  const quarantined: Quarantined[] = [];
  const echoes: CommandEcho[] = [];
  const uplinks: { readonly uplink: Uplink; readonly arrival: RawArrival }[] = [];
  for (const arrival of arrivals) {
    const result = readMessage(arrival, sources);
    if (result.ok) uplinks.push({ uplink: result.uplink, arrival });
    else {
      const { reason, detail, deviceId = null } = result;
      quarantined.push({ reason, detail, deviceId, message: arrival });
    }
  }
  const known = await findKnownDevices(trx, [
    ...new Set(uplinks.map(({ uplink }) => uplink.deviceId)),
  ]);
  for (const { uplink, arrival } of uplinks) {
    const verdict: Verdict = judgeArrival(uplink, arrival, known.get(uplink.deviceId));
    if ('accepted' in verdict) {
      accepted.push(verdict.accepted);
      const echo = findEcho(uplink, arrival, verdict.accepted.uplink.model ?? null);
      if (echo !== undefined) echoes.push(echo);
    } else quarantined.push(verdict.quarantined);
  }
  return { accepted, quarantined, commandEvents: collectNews(uplinks), echoes };
}

async function findKnownDevices(
  trx: Trx,
  deviceIds: readonly DeviceId[],
): Promise<Map<DeviceId, KnownDevice>> {
  if (deviceIds.length === 0) return new Map();
  const rows = await trx
    .selectFrom('devices')
    .selectAll()
    .where(isAnyOf(trx, 'id', deviceIds))
    .execute();
  const mountings = new Map<DeviceId, Mounting[]>();
  for (const mounting of await listMountings(trx, deviceIds)) {
    const others = mountings.get(mounting.deviceId);
    if (others === undefined) mountings.set(mounting.deviceId, [mounting]);
    else others.push(mounting);
  }
  return new Map(
    rows.map((row) => {
      // Safe: the row was asked for by ids of this type.
      const id = row.id as DeviceId;
      const device: Device = {
        id,
        model: row.model,
        reportIntervalSeconds: row.report_interval_seconds,
      };
      return [id, { device, mountings: mountings.get(id) ?? [] }];
    }),
  );
}
