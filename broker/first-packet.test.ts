import { expect, test } from 'vitest';
import { isFirstPacketThere } from './first-packet.ts';

const packet = Buffer.concat([Buffer.from([0x10, 0x80, 0x01]), Buffer.alloc(128)]);

test('a packet is there with its last byte, and with whatever follows', () => {
  for (let length = 0; length < packet.length; length += 1) {
    expect(isFirstPacketThere(packet.subarray(0, length), 1_000)).toBe(false);
  }
  expect(isFirstPacketThere(packet, 1_000)).toBe(true);
  expect(isFirstPacketThere(Buffer.concat([packet, packet]), 1_000)).toBe(true);
  expect(isFirstPacketThere(Buffer.from([0xc0, 0x00]), 1_000)).toBe(true);
});

test('a packet is there as soon as it can be refused', () => {
  expect(isFirstPacketThere(packet.subarray(0, 3), 127)).toBe(true);
  expect(isFirstPacketThere(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff]), 1_000)).toBe(true);
});
