/** Bytes of MQTT 3.1.1, put together by hand: a library would refuse to write what the tests have to send. */

type Part = number | string | Buffer;

/** A packet: its first byte, its length, and parts that are bytes, or text as UTF-8. */
export function packet(first: number, ...parts: readonly Part[]): Buffer {
  const body = Buffer.concat(parts.map(toBytes));
  return Buffer.concat([Buffer.from([first, ...lengthOf(body.length)]), body]);
}

/** Two bytes, the higher first [MQTT 1.5.2]. */
export function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

/** Text or bytes with their length in front [MQTT 1.5.3]. */
export function text(value: string | Buffer): Buffer {
  const bytes = toBytes(value);
  return Buffer.concat([u16(bytes.length), bytes]);
}

export interface ConnectParts {
  readonly name?: string;
  readonly level?: number;
  readonly flags?: number;
  readonly keepAlive?: number;
  readonly clientId?: string | Buffer;
  /** What follows the client id. */
  readonly rest?: readonly Part[];
  readonly first?: number;
}

let clients = 0;

/** A CONNECT, good unless a part says otherwise, of a client that nobody else is. */
export function connect(parts: ConnectParts = {}): Buffer {
  const { name = 'MQTT', level = 4, flags = 0x02, keepAlive = 60, rest = [] } = parts;
  const clientId = parts.clientId ?? `client-${(clients += 1)}`;
  const head = [text(name), level, flags, u16(keepAlive), text(clientId)];
  return packet(parts.first ?? 0x10, ...head, ...rest);
}

export const CONNACK = packet(0x20, 0, 0);
export const PINGREQ = packet(0xc0);
export const PINGRESP = packet(0xd0);

/** The remaining length, in one to four bytes [MQTT 2.2.3]. */
function lengthOf(length: number): number[] {
  return length < 128 ? [length] : [(length % 128) | 0x80, ...lengthOf(Math.floor(length / 128))];
}

function toBytes(part: Part): Buffer {
  return typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part);
}
