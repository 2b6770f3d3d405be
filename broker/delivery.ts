import type { AedesPublishPacket, Client } from 'aedes';
import { matchesFilter } from '../domain/topic-match.ts';
import { internalsOf } from './aedes-internals.ts';
import { followingId } from './in-flight.ts';
import type { InFlight } from './in-flight.ts';

/**
 * Corrects with which quality of service Aedes 1.2.0 sends: the highest of all subscriptions that match, but no higher than
 * the message's own [MQTT-3.3.5-1, MQTT-3.8.4-6]. Aedes takes that of whichever subscription comes first, and forgets to lower
 * it behind a wildcard and for what is retained. One habit stays: where a filter is the topic itself, it decides alone.
 */
export function guardDelivery(client: Client): void {
  const internals = internalsOf(client);
  const { deliver0, deliverQoS } = internals;
  internals.deliver0 = internals.deliverQoS = (packet, done) => {
    packet.qos = lowerQos(client, packet);
    (packet.qos === 0 ? deliver0 : deliverQoS)(packet, done);
  };
}

/** What Aedes leaves out of its type: a message that is sent again has its identifier already. */
interface Outgoing extends AedesPublishPacket {
  messageId?: number;
}

/**
 * Prepares a message that is about to be sent: gives it an identifier that the client does not have in use, and notes
 * the answer that is owed. Returns `null` when all identifiers are in use.
 */
export function prepareSend(
  client: Client,
  packet: Outgoing,
  sent: InFlight,
): AedesPublishPacket | null {
  if (packet.qos === 0) return packet;
  if (packet.messageId === undefined) {
    const internals = internalsOf(client);
    const id = sent.findFreeId(internals._nextId);
    if (id === undefined) return null;
    internals._nextId = followingId(id);
    packet.messageId = id;
  } else {
    // From the queue of a session that lasts, and so to be acknowledged if it is ever to leave it.
    packet.qos = lowerQos(client, packet) === 2 ? 2 : 1;
  }
  sent.noteSent(packet.messageId, packet.qos);
  return packet;
}

/** Identifiers begin at 1, but not where some of an earlier connection may still be in use. */
export function resetIdentifiers(client: Client): void {
  if (client.clean) internalsOf(client)._nextId = 1;
}

function lowerQos(client: Client, { topic, qos }: AedesPublishPacket): AedesPublishPacket['qos'] {
  if (qos === 0) return 0;
  const { subscriptions } = internalsOf(client);
  // Aedes would lower it to this one in any case.
  let granted = subscriptions[topic]?.qos;
  if (granted === undefined) {
    for (const [filter, subscription] of Object.entries(subscriptions)) {
      if (subscription.qos > (granted ?? -1) && matchesFilter(filter, topic)) {
        granted = subscription.qos;
      }
    }
  }
  if (granted === undefined || granted >= qos) return qos;
  return granted === 0 ? 0 : 1;
}
