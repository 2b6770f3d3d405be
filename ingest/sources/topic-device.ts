import { parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';
import type { Source } from './source.ts';
import { matchLevels } from '../../domain/topic-match.ts';

/**
 * The device that a topic names, for messages that do not say it themselves: the device of `bins/{deviceId}/up`, else the level
 * that the matching filter of the source leaves open with its only `+`. With several `+` nobody knows which of them it is.
 */
export function findTopicDevice(topic: string, source: Source | undefined): DeviceId | undefined {
  const own = matchLevels('bins/+/up', topic)?.[0];
  if (own !== undefined) return parseDeviceId(own);
  const filters = [
    ...(source?.topics ?? []),
    ...(source?.mqtt?.topics ?? []).map(({ filter }) => filter),
  ];
  for (const filter of filters) {
    const open = matchLevels(filter, topic);
    const [level, ...others] = open ?? [];
    if (level !== undefined && others.length === 0) return parseDeviceId(level);
  }
  return undefined;
}
