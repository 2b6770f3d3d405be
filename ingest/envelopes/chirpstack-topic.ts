import type { DeviceId } from '../../domain/ids.ts';
import { findWebhookEvent } from '../sources/find-source.ts';
import { readDevEui } from './lorawan-frame.ts';
import { refuse } from './uplink.ts';
import type { Refusal } from './uplink.ts';

/** What the topic of a ChirpStack message says, in versions 3 and 4 alike. */
export interface ChirpStackTopic {
  readonly topicDevEui?: string;
  /** Such as `up` or `join`. A webhook is told it as `?event=up`, and has it at the end of its topic. */
  readonly topicEvent?: string;
}

/** Whether a topic is `application/{id}/device/{devEui}/event/{event}`. */
export function isChirpStackTopic(levels: readonly string[]): boolean {
  if (levels.length !== 6 || levels[0] !== 'application') return false;
  return levels[2] === 'device' && levels[4] === 'event';
}

/** Takes a topic apart; one of another kind says nothing. */
export function readChirpStackTopic(topic: string): ChirpStackTopic {
  const levels = topic.split('/');
  if (isChirpStackTopic(levels)) {
    const [, , , topicDevEui = '', , topicEvent = ''] = levels;
    return { topicDevEui, topicEvent };
  }
  const topicEvent = findWebhookEvent(topic);
  return topicEvent === undefined ? {} : { topicEvent };
}

/** The device of a document, which must be the one in its topic. */
export function checkDevice(
  name: string,
  deviceId: DeviceId | undefined,
  { written, topicDevEui }: { written: string; topicDevEui: string | undefined },
): { readonly ok: true; readonly deviceId: DeviceId } | Refusal {
  if (deviceId === undefined) return refuse('bad-id', `${name}: ${written}`);
  if (topicDevEui === undefined || readDevEui(topicDevEui) === deviceId)
    return { ok: true, deviceId };
  return refuse(
    'device-mismatch',
    `the topic says ${topicDevEui}, the message ${written}`,
    deviceId,
  );
}
