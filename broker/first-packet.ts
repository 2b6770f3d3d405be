/** A length is at most four bytes [MQTT 2.2.3]. */
const MAX_LENGTH_BYTES = 4;

/** The first byte of a CONNECT [MQTT 3.1.1]. */
const CONNECT = 0x10;

/**
 * What has come so far of a client's first packet. It is `bad` when it is no CONNECT, longer than `maxBytes`, or has a length
 * that is none; and `whole` with its last byte, and whatever follows.
 */
export function judgeFirstPacket(bytes: Buffer, maxBytes: number): 'part' | 'whole' | 'bad' {
  let length = 0;
  for (let index = 0; index < MAX_LENGTH_BYTES; index += 1) {
    const byte = bytes[1 + index];
    if (byte === undefined) return 'part';
    length |= (byte & 0x7f) << (7 * index);
    if (byte > 0x7f) continue;
    if (length > maxBytes) return 'bad';
    if (bytes.length < 2 + index + length) return 'part';
    return bytes[0] === CONNECT ? 'whole' : 'bad';
  }
  return 'bad';
}
