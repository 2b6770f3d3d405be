import { expect, test } from 'vitest';
import { judgeFirstPacket } from './first-packet.ts';

const packet = Buffer.concat([Buffer.from([0x10, 0x80, 0x01]), Buffer.alloc(128)]);

test('a packet is there with its last byte, and with whatever follows', () => {
  for (let length = 0; length < packet.length; length += 1) {
    expect(judgeFirstPacket(packet.subarray(0, length), 1_000)).toBe('part');
  }
  expect(judgeFirstPacket(packet, 1_000)).toBe('whole');
  expect(judgeFirstPacket(Buffer.concat([packet, packet]), 1_000)).toBe('whole');
});

test('a packet is bad as soon as it can be refused', () => {
  expect(judgeFirstPacket(packet.subarray(0, 3), 127)).toBe('bad');
  expect(judgeFirstPacket(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff]), 1_000)).toBe('bad');
});

test('a first packet that is no CONNECT is bad', () => {
  expect(judgeFirstPacket(Buffer.from([0xc0, 0x00]), 1_000)).toBe('bad');
});
