import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { readMessage } from './read-message.ts';

const NO_LIMIT = 1_000_000;

const messages = fc
  .record({
    topic: fc.string({ unit: 'grapheme', minLength: 1 }),
    payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    qos: fc.constantFrom<(0 | 1)[]>(0, 1),
    messageId: fc.integer({ min: 1, max: 0xffff }),
    dup: fc.boolean(),
    retain: fc.boolean(),
  })
  .map(({ dup, ...fields }) =>
    mqttPacket.generate({ cmd: 'publish', ...fields, dup: dup && fields.qos > 0 }),
  );

/** The first packet as the parser for all packets reads it, `undefined` when there is none or it is malformed. */
function parseFirst(bytes: Buffer): Packet | undefined {
  const parser = mqttPacket.parser();
  const packets: Packet[] = [];
  parser.on('packet', (packet: Packet) => packets.push(packet));
  parser.on('error', () => {});
  parser.parse(bytes);
  return packets[0];
}

test('messages are read as the parser for all packets reads them, one after the other', () => {
  fc.assert(
    fc.property(fc.array(messages, { minLength: 1, maxLength: 4 }), (packets) => {
      const bytes = Buffer.concat(packets);
      let start = 0;
      for (const packet of packets) {
        const read = readMessage(bytes, start, NO_LIMIT);
        expect(read).toMatchObject({ end: start + packet.length });
        expect(read).toMatchObject({ packet: { ...parseFirst(packet) } });
        start += packet.length;
      }
    }),
  );
});

test('a message that has not come to its end is partial, wherever it stops', () => {
  fc.assert(
    fc.property(messages, (packet) => {
      for (let length = 1; length < packet.length; length += 1) {
        expect(readMessage(packet.subarray(0, length), 0, NO_LIMIT)).toBe('partial');
      }
    }),
  );
});

test('of any bytes, what is read as a message is one to the parser as well', () => {
  const changes = fc.array(fc.tuple(fc.nat(12), fc.nat(255)), { maxLength: 3 });
  fc.assert(
    fc.property(messages, changes, (packet, changed) => {
      for (const [index, byte] of changed) if (index < packet.length) packet[index] = byte;
      const read = readMessage(packet, 0, NO_LIMIT);
      if (typeof read !== 'object') return;
      expect(parseFirst(packet)).toMatchObject({ ...read.packet });
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['of QoS 2', mqttPacket.generate({ cmd: 'publish', ...fieldsOf({ qos: 2 }) })],
  ['of QoS 0 that says it is a repetition', Buffer.from([0x38, 0x03, 0x00, 0x01, 0x61])],
  ['other than a PUBLISH', mqttPacket.generate({ cmd: 'pingreq' })],
  ['with both bits of the QoS', Buffer.from([0x36, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01])],
  ['with packet identifier 0', Buffer.from([0x32, 0x05, 0x00, 0x01, 0x61, 0x00, 0x00])],
  ['with a topic beyond its end', Buffer.from([0x30, 0x03, 0x00, 0x05, 0x61])],
  ['with an identifier beyond its end', Buffer.from([0x32, 0x04, 0x00, 0x01, 0x61, 0x00])],
  ['of one byte', Buffer.from([0x30, 0x01, 0x00])],
  ['without anything', Buffer.from([0x30, 0x00])],
  ['with five bytes of length', Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])],
])('a packet %s is left to the parser', (_name, bytes) => {
  expect(readMessage(bytes, 0, NO_LIMIT)).toBeUndefined();
});

test('a message beyond the limit is left to the parser as soon as its length is known', () => {
  const packet = mqttPacket.generate({ cmd: 'publish', ...fieldsOf({ qos: 1 }) });
  const remaining = packet.length - 2;
  expect(readMessage(packet, 0, remaining)).toMatchObject({ end: packet.length });
  expect(readMessage(packet.subarray(0, 2), 0, remaining - 1)).toBeUndefined();
});

function fieldsOf({ qos }: { qos: 1 | 2 }) {
  return { topic: 'a/b', payload: 'x', qos, messageId: 7, dup: false, retain: false } as const;
}
