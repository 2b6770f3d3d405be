import type { Client } from 'aedes';
import type { Packet } from 'mqtt-packet';
import { internalsOf } from './aedes-internals.ts';

/** Control characters, U+FFFD (which stands for broken UTF-8) and non-characters [MQTT-1.5.3]. */
const BAD_TEXT = /[\p{Cc}\p{Noncharacter_Code_Point}\ufffd]/u;

/** Packets whose identifier must not be 0 [MQTT-2.3.1-1]. */
const IDENTIFIED = new Set(['subscribe', 'unsubscribe', 'puback', 'pubrec', 'pubrel', 'pubcomp']);

export interface PacketGuardOptions {
  /** Largest packet, in bytes behind its fixed header, that the client may send now. */
  readonly maxPacketBytes: () => number;
  readonly maxFiltersPerSubscribe: number;
  /** Whether the client may send one more of these. */
  readonly allows: (packet: Packet) => boolean;
  readonly onFault: (fault: PacketFault) => void;
  /** Takes a sound packet, so that Aedes does not see it. Plain messages mostly come to it without passing here. */
  readonly takes?: (packet: Packet) => boolean;
}

export type PacketFault = 'too-large' | 'protocol' | 'too-many-packets';

/**
 * Puts limits before Aedes' parser, which has none: a packet is refused as soon as its announced length is known, before
 * anything is buffered, and a malformed one before anything acts on it. Either closes this client only.
 */
export function guardPackets(client: Client, options: PacketGuardOptions): void {
  const parser = internalsOf(client)._parser;
  const parseLength = parser._parseLength.bind(parser);
  const emit = parser.emit.bind(parser);
  /** Ends the connection and, since it is the parser's own error, the reading of what else has come. */
  const refuse = (fault: PacketFault, message: string): false => {
    options.onFault(fault);
    parser._emitError(new Error(message));
    return false;
  };
  parser._parseLength = () => {
    if (!parseLength()) return false;
    if (parser.packet.length <= options.maxPacketBytes()) return true;
    return refuse('too-large', 'The packet is too large');
  };
  parser.emit = (event, ...args) => {
    if (event !== 'packet') return emit(event, ...args);
    // Safe: mqtt-packet emits `packet` with one parsed packet.
    const packet = args[0] as Packet;
    const fault = findFault(packet, options.maxFiltersPerSubscribe);
    if (fault !== undefined) return refuse('protocol', fault);
    if (!options.allows(packet)) return refuse('too-many-packets', 'Too many packets');
    return options.takes?.(packet) === true || emit(event, ...args);
  };
}

/** What is wrong with a packet that mqtt-packet let through, or `undefined`. */
function findFault(packet: Packet, maxFilters: number): string | undefined {
  if (IDENTIFIED.has(packet.cmd) && packet.messageId === 0) return 'The packet identifier is 0';
  switch (packet.cmd) {
    case 'connect':
      if ((packet.will?.qos ?? 0) > 2) return 'The will has no such QoS';
      if (packet.password !== undefined && packet.username === undefined) {
        return 'There is a password without a user name';
      }
      return findBadText([packet.clientId, packet.username ?? '', packet.will?.topic ?? '']);
    case 'publish':
      if (packet.qos > 0 && packet.messageId === 0) return 'The packet identifier is 0';
      return findBadText([packet.topic]);
    case 'subscribe':
      if (packet.subscriptions.length > maxFilters) return 'There are too many filters';
      return findBadFilter(packet.subscriptions.map(({ topic }) => topic));
    case 'unsubscribe':
      return findBadFilter(packet.unsubscriptions);
    default:
      return undefined;
  }
}

function findBadText(texts: readonly string[]): string | undefined {
  return texts.some((text) => BAD_TEXT.test(text)) ? 'A text has forbidden characters' : undefined;
}

function findBadFilter(filters: readonly string[]): string | undefined {
  if (!filters.every(isFilter)) return 'A wildcard is out of place';
  return findBadText(filters);
}

/** `+` fills a level, `#` the last one [MQTT-4.7.1]. */
function isFilter(filter: string): boolean {
  const levels = filter.split('/');
  return levels.every(
    (level, index) =>
      level === '+' ||
      (level === '#' && index === levels.length - 1) ||
      (!level.includes('+') && !level.includes('#')),
  );
}
