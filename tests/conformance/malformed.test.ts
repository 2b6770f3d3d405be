import { afterAll, beforeAll, describe } from 'vitest';
import { TestTown } from '../../broker/testing/test-town.ts';
import { BAD_TEXTS } from './bad-text.ts';
import { fatal, runCases } from './cases.ts';
import { packet, text, u16 } from './wire.ts';

let town: TestTown;

beforeAll(async () => {
  town = await TestTown.open({ open: true });
});
afterAll(() => town[Symbol.asyncDispose]());

const run = (packets: Record<string, Buffer>): void => runCases(() => town, fatal(packets));

/** The types that a client may send, with the flags that go with each [MQTT 2.2.2]. */
const FIRST_BYTES = {
  PUBACK: 0x40,
  PUBREC: 0x50,
  PUBREL: 0x62,
  PUBCOMP: 0x70,
  SUBSCRIBE: 0x82,
  UNSUBSCRIBE: 0xa2,
  PINGREQ: 0xc0,
  DISCONNECT: 0xe0,
} as const;

type Name = keyof typeof FIRST_BYTES;

/** Good contents of each. */
function bodyOf(name: Name, id = 1): Buffer[] {
  if (name === 'PINGREQ' || name === 'DISCONNECT') return [];
  if (name === 'SUBSCRIBE') return [u16(id), text('a'), Buffer.from([0])];
  return name === 'UNSUBSCRIBE' ? [u16(id), text('a')] : [u16(id)];
}

const topic = text('topic');
const first = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;

describe('a first byte with wrong flags', () => {
  const packets: Record<string, Buffer> = {};
  // Safe: Object.keys widens the names of a constant object to string.
  for (const name of Object.keys(FIRST_BYTES) as Name[]) {
    for (const bit of [1, 2, 4, 8]) {
      const wrong = FIRST_BYTES[name] ^ bit;
      packets[`[MQTT-2.2.2-2] ${first(wrong)} for ${name}`] = packet(wrong, ...bodyOf(name));
    }
  }
  run(packets);
});

describe('a length of five bytes', () => {
  const types = [0x30, ...Object.values(FIRST_BYTES), 0x00, 0xf0];
  const packets: Record<string, Buffer> = {};
  for (const byte of types) {
    packets[`2.2.3 behind ${first(byte)}`] = Buffer.from([byte, 0x80, 0x80, 0x80, 0x80, 0x01]);
  }
  run(packets);
});

describe('a type that no client sends', () => {
  run({
    '2.2.1 reserved 0': packet(0x00),
    '2.2.1 reserved 0, with contents': packet(0x00, 0),
    '2.2.1 reserved 15': packet(0xf0),
    '4.8.0-1 CONNACK': packet(0x20, 0, 0),
    '4.8.0-1 SUBACK': packet(0x90, u16(1), 0),
    '4.8.0-1 UNSUBACK': packet(0xb0, u16(1)),
    '4.8.0-1 PINGRESP': packet(0xd0),
  });
});

describe('a packet of a fixed length', () => {
  const packets: Record<string, Buffer> = {
    '3.12 PINGREQ that is too long': packet(0xc0, 0),
    '3.14 DISCONNECT that is too long': packet(0xe0, 0),
  };
  for (const name of ['PUBACK', 'PUBREC', 'PUBREL', 'PUBCOMP'] as const) {
    const byte = FIRST_BYTES[name];
    packets[`${name} that is empty`] = packet(byte);
    packets[`${name} that is too short`] = packet(byte, 1);
    packets[`${name} that is too long`] = packet(byte, u16(1), 0);
    packets[`[MQTT-2.3.1-1] ${name} of identifier 0`] = packet(byte, u16(0));
  }
  run(packets);
});

describe('a PUBLISH', () => {
  const packets: Record<string, Buffer> = {
    '[MQTT-3.3.1-2] that repeats a message of QoS 0': packet(0x38, topic, 'x'),
    '[MQTT-3.3.1-4] of QoS 3': packet(0x36, topic, u16(1), 'x'),
    '[MQTT-2.3.1-1] of QoS 1 and identifier 0': packet(0x32, topic, u16(0), 'x'),
    '[MQTT-2.3.1-1] of QoS 2 and identifier 0': packet(0x34, topic, u16(0), 'x'),
    '[MQTT-2.3.1-1] of QoS 1 without an identifier': packet(0x32, topic),
    'of QoS 1 that ends in its identifier, with another packet behind it': Buffer.concat([
      packet(0x32, topic, 0),
      packet(0xc0),
    ]),
    '[MQTT-4.7.3-1] on no topic': packet(0x30, text(''), 'x'),
    '[MQTT-3.3.2-2] with + in its topic': packet(0x30, text('a/+'), 'x'),
    '[MQTT-3.3.2-2] with # in its topic': packet(0x30, text('a/#'), 'x'),
    'whose topic is longer than itself': packet(0x30, u16(9), 'x'),
    'that is empty': packet(0x30),
    "4.7.2 on a topic of the broker's own": packet(0x30, text('$SYS/uptime'), 'x'),
  };
  for (const [name, bytes] of Object.entries(BAD_TEXTS)) {
    packets[`[MQTT-3.3.2-1] with ${name} in its topic`] = packet(0x30, text(bytes), 'x');
  }
  run(packets);
});

describe('a SUBSCRIBE or UNSUBSCRIBE', () => {
  const subscribe = (...filters: readonly Buffer[]): Buffer =>
    packet(0x82, u16(7), ...filters.flatMap((filter) => [filter, Buffer.from([0])]));
  const unsubscribe = (...filters: readonly Buffer[]): Buffer => packet(0xa2, u16(7), ...filters);
  const both = [
    ['SUBSCRIBE', subscribe],
    ['UNSUBSCRIBE', unsubscribe],
  ] as const;
  for (const [name, build] of both) {
    const bytes = FIRST_BYTES[name];
    const packets: Record<string, Buffer> = {
      [`[MQTT-3.8.3-3, MQTT-3.10.3-2] ${name} without filters`]: build(),
      [`[MQTT-4.7.3-1] ${name} of a filter without characters`]: build(text('')),
      [`[MQTT-4.7.3-1] ${name} of such a filter before a good one`]: build(text(''), text('a')),
      [`[MQTT-4.7.3-1] ${name} of such a filter behind a good one`]: build(text('a'), text('')),
      [`[MQTT-4.7.1-2] ${name} with # before the end`]: build(text('a/#/b')),
      [`[MQTT-4.7.1-2] ${name} with # in a level`]: build(text('a#')),
      [`[MQTT-4.7.1-3] ${name} with + in a level`]: build(text('a+/b')),
      [`[MQTT-2.3.1-1] ${name} of identifier 0`]: packet(bytes, ...bodyOf(name, 0)),
      [`${name} that is empty`]: packet(bytes),
      [`${name} that ends in its identifier`]: packet(bytes, 1),
      [`${name} that ends in the length of a filter`]: packet(bytes, u16(1), 0),
      [`${name} that ends in a filter`]: packet(bytes, u16(1), u16(5), 'ab'),
    };
    for (const [what, bad] of Object.entries(BAD_TEXTS)) {
      packets[`1.5.3 ${name} with ${what}`] = build(text(bad));
    }
    run(packets);
  }
  const qos: Record<string, Buffer> = {
    '[MQTT-3.8.3-4] SUBSCRIBE of QoS 3': packet(0x82, u16(1), text('a'), 3),
    'SUBSCRIBE without a QoS': packet(0x82, u16(1), text('a')),
    'SUBSCRIBE with one byte too many': packet(0x82, u16(1), text('a'), 0, 0),
  };
  for (const bit of [0x04, 0x08, 0x10, 0x20, 0x40, 0x80]) {
    const name = `[MQTT-3-8.3-4] SUBSCRIBE with the reserved bit ${first(bit)}`;
    qos[name] = packet(0x82, u16(1), text('a'), bit);
  }
  run(qos);
});
