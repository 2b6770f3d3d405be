import { hash } from 'node:crypto';
import { judgeTime } from '../domain/clock.ts';
import type { RawArrival } from '../store/quarantine.ts';
import { BY_ARRIVAL } from '../store/uplinks.ts';
import type { Uplink } from './envelopes/uplink.ts';

/** MQTT redelivers soon after a reconnect: an equal message later than this is a new one. */
export const REDELIVERY_WINDOW_MS = 10 * 60_000;

/** What makes an uplink one and the same, however often and through whichever door it comes. */
export interface Identification {
  readonly identity: string;
  /** The message says nothing that tells it from the next: only arrival does, see {@link REDELIVERY_WINDOW_MS}. */
  readonly byArrival: boolean;
  /** SHA-256 of device and payload, hex. */
  readonly contentHash: string;
}

/**
 * Identity in order of preference: the network server's (device, session, frame counter) or the device's (boot, seq); then
 * device and time; then arrival. The content is part of it: two different frames that claim one counter (a device that
 * starts again without a new session) are two uplinks, and which came first does not matter.
 */
export function identify(uplink: Uplink, arrival: RawArrival): Identification {
  const content = uplink.payload ?? decodedContent(uplink) ?? arrival.payload;
  const contentHash = hashContent(uplink.deviceId, content);
  if (uplink.identity !== undefined) {
    const identity = `${uplink.identity}:${contentHash.slice(0, 16)}`;
    return { identity, byArrival: false, contentHash };
  }
  const { observedAtMs } = uplink;
  if (observedAtMs !== undefined && isSet(observedAtMs, arrival)) {
    const identity = `at:${uplink.deviceId}:${observedAtMs}:${contentHash}`;
    return { identity, byArrival: false, contentHash };
  }
  // A recording may not know the message's place in its journal: it is told from others of the same millisecond by content.
  const place = arrival.journalSeq === 0 ? contentHash.slice(0, 16) : arrival.journalSeq;
  const arrived = `${arrival.receivedAtMs}:${arrival.door}:${place}`;
  return { identity: `${BY_ARRIVAL}${uplink.deviceId}:${arrived}`, byArrival: true, contentHash };
}

/** In one call: three on an object of its own take twice as long. */
function hashContent(deviceId: string, content: string | Uint8Array): string {
  const device = `${deviceId}\0`;
  return typeof content === 'string'
    ? hash('sha256', device + content, 'hex')
    : hash('sha256', Buffer.concat([Buffer.from(device), content]), 'hex');
}

/**
 * Of a numbered frame without bytes, what the network server has decoded: the document around it differs from one delivery to
 * the next.
 */
function decodedContent({ identity, decoded }: Uplink): string | undefined {
  if (identity === undefined || decoded === undefined) return undefined;
  return JSON.stringify(decoded);
}

/** A clock that was never set says the same time after every start: it tells nothing apart. */
function isSet(observedAtMs: number, { receivedAtMs, backfill }: RawArrival): boolean {
  return judgeTime(observedAtMs, receivedAtMs, backfill).suspicion !== 'clock-unset';
}
