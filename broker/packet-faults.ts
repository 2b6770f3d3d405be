import type { Packet } from 'mqtt-packet';
import { isTopicFilter } from '../domain/topic-filter.ts';

/** Control characters, U+FFFD (which stands for broken UTF-8) and non-characters [MQTT-1.5.3]. */
const BAD_TEXT = /[\p{Cc}\p{Noncharacter_Code_Point}\ufffd]/u;

/** Bytes behind the fixed header of packets that are always as long [MQTT-3.4, 3.5, 3.6, 3.7, 3.12, 3.13, 3.14]. */
const FIXED_LENGTHS: Partial<Record<Packet['cmd'], number>> = {
  puback: 2,
  pubrec: 2,
  pubrel: 2,
  pubcomp: 2,
  pingreq: 0,
  pingresp: 0,
  disconnect: 0,
};

/** The levels of the protocol that are spoken here, by the name that goes with them [MQTT-3.1.2-2]. */
const LEVELS: Readonly<Record<string, number>> = { MQIsdp: 3, MQTT: 4 };

/** What the parser knows of a packet beside its contents. */
export interface PacketSize {
  /** Bytes behind the fixed header. */
  readonly length: number;
  /** How many of them were read; all, unless the packet has too many or too few. */
  readonly read: number;
}

/** Whether a CONNECT asks for a level that is spoken here. */
export function isSupportedLevel(packet: Packet): boolean {
  return packet.cmd === 'connect' && LEVELS[packet.protocolId ?? ''] === packet.protocolVersion;
}

/** What is wrong with a packet that mqtt-packet let through, or `undefined`. */
export function findFault(
  packet: Packet,
  size: PacketSize,
  maxFilters: number,
): string | undefined {
  const fixed = FIXED_LENGTHS[packet.cmd];
  if (fixed !== undefined && size.length !== fixed) return 'The packet has a wrong length';
  if (size.read > size.length) return 'The packet ends too early';
  switch (packet.cmd) {
    case 'connect':
      if (size.read < size.length) return 'There is more in the packet than its flags say';
      return findConnectFault(packet);
    case 'publish':
      // [MQTT-3.3.1-2]
      if (packet.qos === 0 && packet.dup) return 'A message of QoS 0 cannot be a duplicate';
      if (packet.qos > 0 && !isIdentified(packet)) return 'The packet identifier is 0';
      return findBadText([packet.topic]);
    case 'subscribe':
      if (packet.subscriptions.length > maxFilters) return 'There are too many filters';
      return findFilterFault(
        packet,
        packet.subscriptions.map(({ topic }) => topic),
      );
    case 'unsubscribe':
      return findFilterFault(packet, packet.unsubscriptions);
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return isIdentified(packet) ? undefined : 'The packet identifier is 0';
    default:
      return undefined;
  }
}

/** [MQTT-2.3.1-1]; mqtt-packet has -1 where the packet ended before it. */
function isIdentified({ messageId = 0 }: Packet): boolean {
  return messageId > 0;
}

function findConnectFault(packet: Extract<Packet, { cmd: 'connect' }>): string | undefined {
  const { will } = packet;
  // [MQTT-3.1.2-14]
  if ((will?.qos ?? 0) > 2) return 'The will has no such QoS';
  // [MQTT-3.3.2-2] for the message that it becomes
  if (will !== undefined && (will.topic === '' || /[+#]/.test(will.topic))) {
    return 'The will has no topic that can be published on';
  }
  // [MQTT-3.1.2-22]
  if (packet.password !== undefined && packet.username === undefined) {
    return 'There is a password without a user name';
  }
  return findBadText([packet.clientId, packet.username ?? '', will?.topic ?? '']);
}

function findFilterFault(packet: Packet, filters: readonly string[]): string | undefined {
  if (!isIdentified(packet)) return 'The packet identifier is 0';
  // [MQTT-3.8.3-3], [MQTT-3.10.3-2]
  if (filters.length === 0) return 'There are no filters';
  if (!filters.every(isTopicFilter)) return 'A filter is empty or a wildcard out of place';
  return findBadText(filters);
}

function findBadText(texts: readonly string[]): string | undefined {
  return texts.some((text) => BAD_TEXT.test(text)) ? 'A text has forbidden characters' : undefined;
}
