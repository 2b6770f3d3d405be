/** The bytes of a base64 text. Throws on what is not base64. */
export function bytesFromBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

const BYTES_PER_LINE = 8;
const PRINTABLE_FIRST = 0x20;
const PRINTABLE_LAST = 0x7e;

/** Lines of offset, hexadecimal bytes and printable characters, as hex viewers show them. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += BYTES_PER_LINE) {
    const line = [...bytes.subarray(offset, offset + BYTES_PER_LINE)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = line
      .map((byte) =>
        byte >= PRINTABLE_FIRST && byte <= PRINTABLE_LAST ? String.fromCharCode(byte) : '.',
      )
      .join('');
    const width = BYTES_PER_LINE * 3 - 1;
    lines.push(`${offset.toString(16).padStart(4, '0')}  ${hex.padEnd(width)}  ${text}`);
  }
  return lines.join('\n');
}

/** Groups hexadecimal digits by bytes: `0a1b` becomes `0a 1b`. */
export function spaceHex(hex: string): string {
  return hex.match(/.{1,2}/g)?.join(' ') ?? '';
}
