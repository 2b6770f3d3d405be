import { expect, test } from 'vitest';
import { InFlight, followingId } from './in-flight.ts';

test('QoS 1 is answered by a PUBACK and by nothing else', () => {
  const sent = new InFlight();
  sent.noteSent(7, 1);
  expect(sent.note('pubrec', 7)).toBe('wrong');
  expect(sent.note('pubcomp', 7)).toBe('wrong');
  expect(sent.note('puback', 7)).toBe('right');
  expect(sent.note('puback', 7)).toBe('unasked');
});

test('QoS 2 is answered by a PUBREC, which may be repeated, and then by a PUBCOMP', () => {
  const sent = new InFlight();
  sent.noteSent(7, 2);
  expect(sent.note('puback', 7)).toBe('wrong');
  expect(sent.note('pubcomp', 7)).toBe('wrong');
  expect(sent.note('pubrec', 7)).toBe('right');
  expect(sent.note('pubrec', 7)).toBe('unasked');
  expect(sent.note('puback', 7)).toBe('wrong');
  expect(sent.note('pubcomp', 7)).toBe('right');
  expect(sent.note('pubcomp', 7)).toBe('unasked');
});

test('an identifier in use is passed over, and there are 65,535 of them', () => {
  const sent = new InFlight();
  sent.noteSent(65_535, 1);
  sent.noteSent(1, 2);
  expect(sent.findFreeId(65_535)).toBe(2);
  for (let id = 2; id < 65_535; id = followingId(id)) sent.noteSent(id, 1);
  expect(sent.findFreeId(2)).toBeUndefined();
  expect(sent.note('puback', 9)).toBe('right');
  expect(sent.findFreeId(10)).toBe(9);
});
