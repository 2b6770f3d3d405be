import { judgeTime } from '../../domain/clock.ts';
import type { CommandEcho, CommandEvent } from '../../store/command-events.ts';
import type { RawArrival } from '../../store/quarantine.ts';
import type { Uplink } from '../envelopes/uplink.ts';
import { echoedCommand } from './milesight.ts';

/** What messages say of commands, at the time that the messages are filed under. */
export function collectNews(
  uplinks: readonly { readonly uplink: Uplink; readonly arrival: RawArrival }[],
): CommandEvent[] {
  return uplinks.flatMap(({ uplink, arrival }) => {
    const { commandNews = [], deviceId } = uplink;
    const atMs = timeOf(uplink.observedAtMs, arrival);
    return commandNews.map((news) => ({ ...news, deviceId, atMs }));
  });
}

/** The frame, if it is one in which a device repeats what it was told. `model` is the one whose codec read it. */
export function findEcho(
  { deviceId, payload, observedAtMs }: Uplink,
  arrival: RawArrival,
  model: string | null,
): CommandEcho | undefined {
  if (payload === undefined || model?.startsWith('milesight/') !== true) return undefined;
  const bytes = echoedCommand(payload);
  return bytes && { deviceId, bytes, atMs: timeOf(observedAtMs, arrival) };
}

function timeOf(claimedMs: number | undefined, arrival: RawArrival): number {
  return judgeTime(claimedMs, arrival.receivedAtMs, arrival.backfill).observedAtMs;
}
