import type { EVENT_TYPES } from '../../api/town.ts';

export type EventType = (typeof EVENT_TYPES)[number];

/**
 * One server-sent event as text (HTML standard 9.2.5). `id` is what the client has once it got this event.
 * @throws Error when a field holds a line end, which would begin another field
 */
export function formatEvent(id: number, type: EventType, body: object): string {
  const data = JSON.stringify(body);
  if (/[\r\n]/.test(data) || !Number.isSafeInteger(id)) {
    throw new Error(`The event ${type} does not fit on its lines`);
  }
  return `id: ${id}\nevent: ${type}\ndata: ${data}\n\n`;
}

/** Keeps proxies from closing a quiet stream, and moves the client's number past changes it is not told of. */
export function formatHeartbeat(id: number): string {
  return `:\nid: ${id}\n\n`;
}
