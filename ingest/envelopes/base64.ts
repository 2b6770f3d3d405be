/**
 * Bytes of standard base64 with its padding (RFC 4648, 4), as proto-JSON writes them, or `undefined`.
 * `Buffer` alone would skip whatever it does not know and make shorter bytes of it.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined;
}
