import type { CommandRequest } from '../../domain/command.ts';
import type { DeviceId } from '../../domain/ids.ts';
import { addCommand } from '../../store/commands.ts';
import type { CommandDraft } from '../../store/commands.ts';
import type { Store } from '../../store/database.ts';
import { findDevice } from '../../store/devices.ts';
import { findPrincipal } from '../../store/principals.ts';
import type { CommandRefusal } from './encoder.ts';
import { routeBack } from './route.ts';
import type { HeardMessage, Route } from './route.ts';
import { writeMessage } from './write-message.ts';

/** What somebody asks a device to do. */
export interface CommandOrder {
  readonly deviceId: DeviceId;
  readonly command: CommandRequest;
  /** Who asks, for the record. */
  readonly requestedBy: string;
  /** How long it may take until the device has answered, ms; a week if not said. */
  readonly expiresInMs?: number | undefined;
}

/** Why a command cannot be given; the detail says it to a person. */
export type OrderRefusal = CommandRefusal | WayRefusal;

interface WayRefusal {
  readonly ok: false;
  /** `never-heard`, `no-way-back`, `revoked`: nobody is there who could carry it. */
  readonly reason: 'unknown-device' | 'never-heard' | 'no-way-back' | 'revoked';
  readonly detail: string;
}

export type OrderResult = { readonly ok: true; readonly draft: CommandDraft } | OrderRefusal;

/** Many sensors report, and so listen, once or twice a day; a few quiet days must not lose a command. */
export const DEFAULT_EXPIRY_MS = 7 * 24 * 3_600_000;
export const LEAST_EXPIRY_MS = 60_000;
export const MOST_EXPIRY_MS = 90 * 24 * 3_600_000;

/** As many of the newest messages are looked at for a way back. */
const MESSAGES_LOOKED_AT = 20;

/** Queues a command for a device. `id` is a new UUID. */
export async function requestCommand(
  store: Store,
  order: CommandOrder,
  context: { readonly id: string; readonly nowMs: number },
): Promise<OrderResult> {
  const planned = await planCommand(store, order, context);
  if (planned.ok) await addCommand(store, planned.draft);
  return planned;
}

/** What {@link requestCommand} would queue, without doing it. */
export async function planCommand(
  store: Store,
  order: CommandOrder,
  { id, nowMs }: { readonly id: string; readonly nowMs: number },
): Promise<OrderResult> {
  const { deviceId, command, expiresInMs = DEFAULT_EXPIRY_MS } = order;
  if (!(expiresInMs >= LEAST_EXPIRY_MS && expiresInMs <= MOST_EXPIRY_MS)) {
    const detail = 'a command may take from a minute to 90 days';
    return { ok: false, reason: 'out-of-range', detail };
  }
  const device = await findDevice(store, deviceId);
  if (device === undefined) {
    return { ok: false, reason: 'unknown-device', detail: `no device ${deviceId} is registered` };
  }
  const found = await findRoute(store, deviceId);
  if (!found.ok) return found;
  const { route, heardModel } = found;
  const expiresAtMs = nowMs + Math.round(expiresInMs);
  const model = device.model ?? heardModel;
  const message = writeMessage(route, { id, command, model, expiresAtMs });
  if (!message.ok) return message;
  const draft: CommandDraft = {
    id,
    device_id: deviceId,
    kind: command.kind,
    request: describeRequest(command),
    f_port: message.frame?.fPort ?? null,
    bytes: message.frame?.bytes ?? null,
    door: route.door,
    principal: route.principal,
    network_name: route.form === 'ttn-v3' ? route.name : null,
    topic: message.topic,
    payload: message.payload,
    requested_at: nowMs,
    requested_by: order.requestedBy,
    expires_at: expiresAtMs,
  };
  return { ok: true, draft };
}

type FoundRoute =
  { readonly ok: true; readonly route: Route; readonly heardModel: string | null } | WayRefusal;

/** The way the newest message came that has a way back: a device may be heard twice, by MQTT and by a webhook. */
async function findRoute(store: Store, deviceId: string): Promise<FoundRoute> {
  const messages: HeardMessage[] = await store.db
    .selectFrom('uplinks')
    .select(['door', 'principal', 'envelope', 'topic', 'payload', 'model'])
    .where('device_id', '=', deviceId)
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MESSAGES_LOOKED_AT)
    .execute();
  const [newest] = messages;
  if (newest === undefined) {
    const detail = `${deviceId} was never heard, so nobody knows how to reach it`;
    return { ok: false, reason: 'never-heard', detail };
  }
  const routes = messages.map((message) => ({ message, result: routeBack(message) }));
  const best = routes.find(({ result }) => result.ok) ?? {
    message: newest,
    result: routeBack(newest),
  };
  const { result } = best;
  if (!result.ok) {
    return { ok: false, reason: 'no-way-back', detail: `${deviceId}: ${result.detail}` };
  }
  const { principal } = result.route;
  if (principal !== null && !(await isWelcome(store, principal))) {
    const detail = `${principal}, who speaks for ${deviceId}, is shut out`;
    return { ok: false, reason: 'revoked', detail };
  }
  return { ok: true, route: result.route, heardModel: best.message.model };
}

async function isWelcome(store: Store, principalId: string): Promise<boolean> {
  const principal = await findPrincipal(store, principalId);
  return principal !== undefined && principal.revokedAtMs === null;
}

/** The request as JSON; bytes as hexadecimal text. */
function describeRequest(command: CommandRequest): string {
  if (command.kind !== 'raw') return JSON.stringify(command);
  const { bytes, ...rest } = command;
  return JSON.stringify({ ...rest, bytesHex: Buffer.from(bytes).toString('hex') });
}
