/** A length is at most four bytes [MQTT 2.2.3]. */
const MAX_LENGTH_BYTES = 4;

/**
 * Whether a client's first packet has come to its end, or far enough to be refused: longer than `maxBytes`, or with a length
 * that is none.
 */
export function isFirstPacketThere(bytes: Buffer, maxBytes: number): boolean {
  let length = 0;
  for (let index = 0; index < MAX_LENGTH_BYTES; index += 1) {
    const byte = bytes[1 + index];
    if (byte === undefined) return false;
    length |= (byte & 0x7f) << (7 * index);
    if (byte <= 0x7f) return length > maxBytes || bytes.length >= 2 + index + length;
  }
  return true;
}
