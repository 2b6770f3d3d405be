import { afterAll, beforeAll, describe } from 'vitest';
import { TestTown } from '../../broker/testing/test-town.ts';
import { BAD_TEXTS } from './bad-text.ts';
import { fatal, runCases } from './cases.ts';
import type { Case } from './cases.ts';
import { CONNACK, PINGREQ, connect, packet, text, u16 } from './wire.ts';

let town: TestTown;

beforeAll(async () => {
  town = await TestTown.open({ open: true });
});
afterAll(() => town[Symbol.asyncDispose]());

const refusedWith = (code: number): Buffer => packet(0x20, 0, code);

function accepted(packets: Readonly<Record<string, Buffer>>): readonly Case[] {
  return Object.entries(packets).map(([name, send]) => ({
    name,
    isUnconnected: true,
    steps: [{ send, receive: CONNACK }],
    end: 'open',
  }));
}

function refused(code: number, packets: Readonly<Record<string, Buffer>>): readonly Case[] {
  const receive = refusedWith(code);
  return Object.entries(packets).map(([name, send]) => ({
    name,
    isUnconnected: true,
    steps: [{ send, receive }],
    end: 'closed',
  }));
}

const WILL = [text('will/topic'), text('gone')];

describe('a CONNECT that is accepted', () => {
  runCases(
    () => town,
    accepted({
      '[MQTT-3.1.4-4] with the least there can be': connect(),
      'of MQTT 3.1, under its older name': connect({ name: 'MQIsdp', level: 3 }),
      '[MQTT-3.1.3-6] without a client id, for a session that ends': connect({ clientId: '' }),
      '[MQTT-3.1.2-9] with a will': connect({ flags: 0x06, rest: WILL }),
      '[MQTT-3.1.2-13] with a will of QoS 2 that is retained': connect({ flags: 0x36, rest: WILL }),
      '3.1.3.4 with a user name of no characters': connect({ flags: 0x82, rest: [text('')] }),
      '[MQTT-3.1.2-21] with a user name and a password': connect({
        flags: 0xc2,
        rest: [text('me'), text('secret')],
      }),
      '3.1.3.5 with a password of any bytes': connect({
        flags: 0xc2,
        rest: [text('me'), text(Buffer.from([0x00, 0xff, 0xc3]))],
      }),
      '[MQTT-3.1.2-22] with a keep alive of 0': connect({ keepAlive: 0 }),
    }),
  );
});

describe('a CONNECT that is answered and ends', () => {
  runCases(
    () => town,
    refused(1, {
      '[MQTT-3.1.2-2] of an older level': connect({ level: 2 }),
      '[MQTT-3.1.2-2] of MQTT 5': packet(0x10, text('MQTT'), 5, 2, u16(60), 0, text('five')),
      '[MQTT-3.1.2-2] of a level yet to come': connect({ level: 6 }),
      '[MQTT-3.1.2-2] of MQTT 3.1 under the newer name': connect({ level: 3 }),
      '[MQTT-3.1.2-2] of MQTT 3.1.1 under the older name': connect({ name: 'MQIsdp' }),
      '[MQTT-3.1.2-2] of an unknown level under the older name': connect({
        name: 'MQIsdp',
        level: 6,
      }),
    }),
  );
  runCases(
    () => town,
    refused(2, {
      '[MQTT-3.1.3-8] without a client id, for a session that lasts': connect({
        clientId: '',
        flags: 0,
      }),
      'of MQTT 3.1 without a client id': connect({ name: 'MQIsdp', level: 3, clientId: '' }),
    }),
  );
});

describe('a CONNECT that ends its connection', () => {
  const bad: Record<string, Buffer> = {
    '[MQTT-3.1.2-1] of another protocol': connect({ name: 'MQTU' }),
    '[MQTT-3.1.2-1] of a protocol with a shorter name': connect({ name: 'MQT' }),
    '[MQTT-3.1.2-1] of a protocol with a longer name': connect({ name: 'MQTTT' }),
    '[MQTT-3.1.2-1] of a protocol without a name': connect({ name: '' }),
    '[MQTT-3.1.2-3] with the reserved flag': connect({ flags: 0x03 }),
    '[MQTT-3.1.2-11] with the QoS of a will that it has not': connect({ flags: 0x0a }),
    '[MQTT-3.1.2-11] with the retain flag of a will that it has not': connect({ flags: 0x22 }),
    '[MQTT-3.1.2-9] with a will flag and no will': connect({ flags: 0x06 }),
    '[MQTT-3.1.2-9] with half a will': connect({ flags: 0x06, rest: [text('will')] }),
    '[MQTT-3.1.2-14] with a will of QoS 3': connect({ flags: 0x1e, rest: WILL }),
    '[MQTT-3.3.2-2] with a wildcard in the topic of its will': connect({
      flags: 0x06,
      rest: [text('a/#'), text('x')],
    }),
    '[MQTT-4.7.3-1] with a will on no topic': connect({ flags: 0x06, rest: [text(''), text('x')] }),
    '[MQTT-3.1.2-18] with a user name that its flags deny': connect({ rest: [text('me')] }),
    '[MQTT-3.1.2-19] without the user name that its flags announce': connect({ flags: 0x82 }),
    '[MQTT-3.1.2-20] with a password that its flags deny': connect({
      flags: 0x82,
      rest: [text('me'), text('secret')],
    }),
    '[MQTT-3.1.2-21] without the password that its flags announce': connect({
      flags: 0xc2,
      rest: [text('me')],
    }),
    '[MQTT-3.1.2-22] with a password and no user name': connect({
      flags: 0x42,
      rest: [text('secret')],
    }),
    '[MQTT-3.1.3-3] without a client id in it': packet(0x10, text('MQTT'), 4, 2, u16(60)),
    '[MQTT-3.1.3-1] that says it is shorter than it is': Buffer.from(
      `1007${connect({ flags: 0xc2 }).toString('hex').slice(4)}`,
      'hex',
    ),
    '[MQTT-2.2.2-2] with flags in its first byte': connect({ first: 0x11 }),
    '[MQTT-2.2.2-2] with QoS 1 in its first byte': connect({ first: 0x12 }),
    '[MQTT-2.2.2-2] with DUP in its first byte': connect({ first: 0x18 }),
    '2.2.3 with a length of five bytes': Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x01]),
  };
  for (const [name, bytes] of Object.entries(BAD_TEXTS)) {
    bad[`1.5.3 with ${name} in its client id`] = connect({ clientId: bytes });
    bad[`1.5.3 with ${name} in its user name`] = connect({ flags: 0x82, rest: [text(bytes)] });
    const will = [text(bytes), text('x')];
    bad[`1.5.3 with ${name} in the topic of its will`] = connect({ flags: 0x06, rest: will });
  }
  runCases(() => town, fatal(bad, { isUnconnected: true }));
  runCases(() => town, fatal({ '[MQTT-3.1.0-2] that is a second one': connect() }));
});

describe('a first packet that is no CONNECT', () => {
  const all = [0x00, 0x20, 0x30, 0x40, 0x50, 0x62, 0x70, 0x82, 0x90, 0xa2, 0xb0, 0xd0, 0xe0, 0xf0];
  const firsts = all.map((first) => [
    `[MQTT-3.1.0-1] 0x${first.toString(16).padStart(2, '0')}`,
    packet(first, u16(2), text('a'), 0),
  ]);
  const pairs: Record<string, Buffer> = Object.fromEntries(firsts);
  runCases(
    () => town,
    fatal({ ...pairs, '[MQTT-3.1.0-1] 0xc0': PINGREQ }, { isUnconnected: true }),
  );
});
