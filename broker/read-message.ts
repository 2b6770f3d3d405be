import type { PublishPacket } from 'aedes';

const PUBLISH = 3;
const DUP_BIT = 0b1000;
const RETAIN_BIT = 0b1;
/** Seven bits of the length are in each byte, of which there are at most four [MQTT-2.2.3]. */
const MAX_LENGTH_BYTES = 4;

/** A message, and where the next packet begins. */
export interface MessageRead {
  readonly packet: PublishPacket;
  readonly end: number;
}

/**
 * Reads a PUBLISH of QoS 0 or 1, as nearly every packet of a sensor is, at a tenth of what the parser for all packets takes. Returns
 * `partial` when more bytes are needed, and `undefined` for every other packet and for all that is malformed or larger
 * than `maxPacketBytes`: the parser knows what to say of it. The payload is a part of `bytes`. Whether the topic is one is not
 * asked.
 */
export function readMessage(
  bytes: Buffer,
  start: number,
  maxPacketBytes: number,
): MessageRead | 'partial' | undefined {
  const head = bytes[start] ?? 0;
  const qos = (head >> 1) & 0b11;
  if (head >> 4 !== PUBLISH || qos > 1) return undefined;
  // [MQTT-3.3.1-2]
  if (qos === 0 && (head & DUP_BIT) !== 0) return undefined;
  let length = 0;
  let offset = start + 1;
  for (let more = true; more; offset += 1) {
    const lengthBytes = offset - start - 1;
    const byte = bytes[offset];
    if (lengthBytes === MAX_LENGTH_BYTES) return undefined;
    if (byte === undefined) return 'partial';
    length |= (byte & 0x7f) << (7 * lengthBytes);
    more = byte > 0x7f;
  }
  if (length > maxPacketBytes) return undefined;
  const end = offset + length;
  if (end > bytes.length) return 'partial';
  const idBytes = qos === 0 ? 0 : 2;
  if (length < 2) return undefined;
  const topicEnd = offset + 2 + bytes.readUInt16BE(offset);
  if (topicEnd + idBytes > end) return undefined;
  const messageId = qos === 0 ? undefined : bytes.readUInt16BE(topicEnd);
  if (messageId === 0) return undefined;
  const packet: PublishPacket = {
    cmd: 'publish',
    topic: bytes.toString('utf8', offset + 2, topicEnd),
    payload: bytes.subarray(topicEnd + idBytes, end),
    qos: qos === 0 ? 0 : 1,
    dup: (head & DUP_BIT) !== 0,
    retain: (head & RETAIN_BIT) !== 0,
    length,
    ...(messageId !== undefined && { messageId }),
  };
  return { packet, end };
}
