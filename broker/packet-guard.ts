import type { Client } from 'aedes';
import type { Packet } from 'mqtt-packet';
import { internalsOf } from './aedes-internals.ts';
import { findFault, isSupportedLevel } from './packet-faults.ts';

/** CONNACK with return code 1, unacceptable protocol level [MQTT-3.1.2-2]. */
const UNACCEPTABLE_LEVEL = Buffer.from([0x20, 0x02, 0x00, 0x01]);

/** What mqtt-packet 9 says of a level it does not know. */
const UNKNOWN_LEVEL = 'Invalid protocol version';

export interface PacketGuardOptions {
  /** Largest packet, in bytes behind its fixed header, that the client may send now. */
  readonly maxPacketBytes: () => number;
  readonly maxFiltersPerSubscribe: number;
  /** Why the client may not send one more of these now, or `undefined`. */
  readonly judge: (packet: Packet) => PacketFault | undefined;
  readonly onFault: (fault: PacketFault) => void;
  /** Takes a sound packet, so that Aedes does not see it. Plain messages mostly come to it without passing here. */
  readonly takes?: (packet: Packet) => boolean;
}

export type PacketFault = 'too-large' | 'protocol' | 'too-many-packets';

const FAULTS: Readonly<Record<PacketFault, string>> = {
  'too-large': 'The packet is too large',
  'too-many-packets': 'Too many packets',
  protocol: 'The answer does not fit what was sent',
};

/**
 * Puts limits before Aedes' parser, which has none: a packet is refused as soon as its announced length is known, before
 * anything is buffered, and a malformed one before anything acts on it. Either closes this client only.
 */
export function guardPackets(client: Client, options: PacketGuardOptions): void {
  const internals = internalsOf(client);
  const parser = internals._parser;
  const parseLength = parser._parseLength.bind(parser);
  const emit = parser.emit.bind(parser);
  const emitError = parser._emitError.bind(parser);
  /** Ends the connection and, since it is the parser's own error, the reading of what else has come. */
  const refuse = (fault: PacketFault, message = FAULTS[fault]): false => {
    options.onFault(fault);
    emitError(new Error(message));
    return false;
  };
  const refuseLevel = (): false => {
    options.onFault('protocol');
    // Nothing more is read, but the client is told why before it is disconnected.
    parser.error = new Error('The protocol level is not spoken here');
    internals.pause();
    client.conn.write(UNACCEPTABLE_LEVEL, () => emitError(new Error(parser.error?.message)));
    return false;
  };
  parser._emitError = (error) =>
    error.message === UNKNOWN_LEVEL && !client.connected
      ? refuseLevel()
      : refuse('protocol', error.message);
  parser._parseLength = () => {
    if (!parseLength()) return false;
    if (parser.packet.length <= options.maxPacketBytes()) return true;
    return refuse('too-large');
  };
  parser.emit = (event, ...args) => {
    if (event !== 'packet') return emit(event, ...args);
    // Safe: mqtt-packet emits `packet` with one parsed packet.
    const packet = args[0] as Packet;
    if (packet.cmd === 'connect' && !client.connected && !isSupportedLevel(packet)) {
      return refuseLevel();
    }
    const size = { length: packet.length ?? 0, read: parser._pos };
    const flaw = findFault(packet, size, options.maxFiltersPerSubscribe);
    if (flaw !== undefined) return refuse('protocol', flaw);
    const fault = options.judge(packet);
    if (fault !== undefined) return refuse(fault);
    return options.takes?.(packet) === true || emit(event, ...args);
  };
}
