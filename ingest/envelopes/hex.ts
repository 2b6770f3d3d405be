/** Bytes of a hexadecimal text in either case, or `undefined`. `Buffer` alone would stop at the first wrong sign. */
export function decodeHex(text: string): Uint8Array | undefined {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text, 'hex'));
}
