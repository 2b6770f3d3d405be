import type { CommandRequest } from '../../domain/command.ts';
import { CORRELATION_PREFIX } from '../envelopes/command-news.ts';
import { encodeCommand } from './encode-command.ts';
import type { CommandRefusal } from './encoder.ts';
import { describeCommand } from './own-command.ts';
import type { Route } from './route.ts';

/** A command as it will be published. */
export interface CommandMessage {
  readonly ok: true;
  readonly topic: string;
  readonly payload: string;
  /** Of LoRaWAN devices. */
  readonly frame: { readonly fPort: number; readonly bytes: Uint8Array } | undefined;
}

/**
 * The whole message that carries a command along a route. Pure. LoRaWAN commands are confirmed, so that the device's own
 * acknowledgement comes back.
 */
export function writeMessage(
  route: Route,
  order: {
    readonly id: string;
    readonly command: CommandRequest;
    readonly model: string | null;
    readonly expiresAtMs: number;
  },
): CommandMessage | CommandRefusal {
  const { id, command } = order;
  const { topic } = route;
  if (route.form === 'own') {
    const described = describeCommand(command);
    if (!described.ok) return described;
    const expiresAt = new Date(order.expiresAtMs).toISOString();
    const payload = JSON.stringify({ commandId: id, ...described.fields, expiresAt });
    return { ok: true, topic, payload, frame: undefined };
  }
  const frame = encodeCommand(command, order.model);
  if (!frame.ok) return frame;
  const payload =
    route.form === 'ttn-v3' ? ttnPush(route, id, frame) : chirpStackDown(route, id, frame);
  return { ok: true, topic, payload: JSON.stringify(payload), frame };
}

interface Frame {
  readonly fPort: number;
  readonly bytes: Uint8Array;
}

/** The Things Stack, "Scheduling downlinks": appended to the queue of the device. */
function ttnPush(
  { name, application }: Extract<Route, { readonly form: 'ttn-v3' }>,
  id: string,
  { fPort, bytes }: Frame,
): object {
  const ids = { device_id: name, application_ids: { application_id: application } };
  const downlink = {
    f_port: fPort,
    frm_payload: Buffer.from(bytes).toString('base64'),
    priority: 'NORMAL',
    confirmed: true,
    correlation_ids: [`${CORRELATION_PREFIX}${id}`],
  };
  return { ...(application !== undefined && { end_device_ids: ids }), downlinks: [downlink] };
}

/** ChirpStack v4, "Scheduling a downlink"; `id` comes back as `queueItemId`. */
function chirpStackDown(
  { devEui }: Extract<Route, { readonly form: 'chirpstack-v4' }>,
  id: string,
  { fPort, bytes }: Frame,
): object {
  return { devEui, confirmed: true, fPort, data: Buffer.from(bytes).toString('base64'), id };
}
