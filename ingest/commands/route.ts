import { z } from 'zod';
import { BROKER_DOOR } from '../../store/commands.ts';
import type { UplinkRow } from '../../store/schema.ts';

/** The way back to a device: the way its newest message came. */
export type Route = {
  /** Who publishes: the broker, or an MQTT source. */
  readonly door: string;
  /** At the broker: who gets it. */
  readonly principal: string | null;
  readonly topic: string;
} & (
  | { readonly form: 'own' }
  | { readonly form: 'ttn-v3'; readonly name: string; readonly application?: string }
  | { readonly form: 'chirpstack-v4'; readonly devEui: string }
);

export type RouteResult =
  { readonly ok: true; readonly route: Route } | { readonly ok: false; readonly detail: string };

/** What of a stored message says how it came. */
export type HeardMessage = Pick<
  UplinkRow,
  'door' | 'principal' | 'envelope' | 'topic' | 'payload' | 'model'
>;

/** Doors of MQTT sources begin so. */
const SOURCE_DOOR = 'source-';
/** Nothing can be sent to whoever calls us over HTTP. */
const WEBHOOKS_DOOR = 'webhooks';

/** Where a command for a device goes that was heard by this message. Pure. */
export function routeBack(message: HeardMessage): RouteResult {
  const { door, principal } = message;
  if (door === WEBHOOKS_DOOR) {
    return refuse('it is heard over HTTP, which has no way back; a command needs MQTT');
  }
  if (door.startsWith(SOURCE_DOOR)) return addressed(message, { door, principal: null });
  if (principal === null) return refuse('nobody who is connected to the broker speaks for it');
  return addressed(message, { door: BROKER_DOOR, principal });
}

type Sender = Pick<Route, 'door' | 'principal'>;

function addressed(message: HeardMessage, sender: Sender): RouteResult {
  switch (message.envelope) {
    case 'tunna-json':
      return routeToOwn(message, sender);
    case 'ttn-v3':
      return routeToTheThingsStack(message, sender);
    case 'chirpstack-v4':
      return routeToChirpStack(message, sender);
    default:
      return refuse(`its messages come as ${message.envelope}, which has no known way back`);
  }
}

function routeToOwn({ topic }: HeardMessage, sender: Sender): RouteResult {
  const device = /^bins\/([^/]+)\/up$/.exec(topic)?.[1];
  if (device === undefined) return refuse(`the topic ${topic} does not say where it listens`);
  return { ok: true, route: { ...sender, form: 'own', topic: `bins/${device}/down` } };
}

/** `v3/{application}/devices/{device}/...`, perhaps behind a prefix of a bridge. */
const TTN_DEVICE_TOPIC = /^((?:.+\/)?v3\/[^/]+\/devices\/([^/]+))\/./;

const TtnIds = z.object({
  end_device_ids: z.object({
    device_id: z.string().min(1),
    application_ids: z.object({ application_id: z.string().min(1) }),
  }),
});

/**
 * A topic that names the device takes commands beside its uplinks. One that does not is of a Pub/Sub, whose commands name
 * the device themselves, under the same base topic.
 */
function routeToTheThingsStack(message: HeardMessage, sender: Sender): RouteResult {
  const { topic } = message;
  const [, base, name] = TTN_DEVICE_TOPIC.exec(topic) ?? [];
  if (base !== undefined && name !== undefined) {
    return { ok: true, route: { ...sender, form: 'ttn-v3', topic: `${base}/down/push`, name } };
  }
  const document = TtnIds.safeParse(parse(message.payload));
  const pubSubBase = topic.includes('/') ? topic.slice(0, topic.lastIndexOf('/')) : '';
  if (!document.success || pubSubBase === '') {
    return refuse(`neither the topic ${topic} nor its message says where commands go`);
  }
  const ids = document.data.end_device_ids;
  return {
    ok: true,
    route: {
      ...sender,
      form: 'ttn-v3',
      topic: `${pubSubBase}/down/push`,
      name: ids.device_id,
      application: ids.application_ids.application_id,
    },
  };
}

/** `application/{id}/device/{devEui}/event/...`, perhaps behind a prefix of a bridge. */
const CHIRPSTACK_TOPIC = /^((?:.+\/)?application\/[^/]+\/device\/([0-9a-fA-F]{16}))\/event\/./;

function routeToChirpStack({ topic }: HeardMessage, sender: Sender): RouteResult {
  const [, base, devEui] = CHIRPSTACK_TOPIC.exec(topic) ?? [];
  if (base === undefined || devEui === undefined) {
    return refuse(`the topic ${topic} does not say where commands go`);
  }
  const route = {
    ...sender,
    form: 'chirpstack-v4',
    topic: `${base}/command/down`,
    devEui,
  } as const;
  return { ok: true, route };
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString());
  } catch {
    return undefined;
  }
}

function refuse(detail: string): RouteResult {
  return { ok: false, detail };
}
