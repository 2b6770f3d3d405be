import { afterAll, beforeAll, describe } from 'vitest';
import { TestTown } from '../../broker/testing/test-town.ts';
import { runCases } from './cases.ts';
import type { Case, Step } from './cases.ts';
import { PINGREQ, PINGRESP, connect, packet, text, u16 } from './wire.ts';

let town: TestTown;

beforeAll(async () => {
  town = await TestTown.open({ open: true });
});
afterAll(() => town[Symbol.asyncDispose]());

const id = u16(1234);
const topic = text('topic');
const pubrec = packet(0x50, id);
const pubcomp = packet(0x70, id);

type Flow = Omit<Case, 'end' | 'name'> & Partial<Pick<Case, 'end'>>;

function run(flows: Readonly<Record<string, Flow>>): void {
  const cases = Object.entries(flows).map(([name, flow]) => ({
    end: 'open' as const,
    ...flow,
    name,
  }));
  runCases(() => town, cases);
}

const step = (send: Buffer, receive?: Buffer): Step =>
  receive === undefined ? { send } : { send, receive };

describe('messages from a client', () => {
  run({
    '3.3.4 QoS 0 is not answered': { steps: [step(packet(0x30, topic, 'x'))] },
    '[MQTT-3.3.5-2] QoS 1 is answered by a PUBACK': {
      steps: [step(packet(0x32, topic, id, 'x'), packet(0x40, id))],
    },
    '[MQTT-4.3.2-2] QoS 1 that is repeated is answered again': {
      steps: [
        step(packet(0x32, topic, id, 'x'), packet(0x40, id)),
        step(packet(0x3a, topic, id, 'x'), packet(0x40, id)),
      ],
    },
    '[MQTT-4.3.3-2] QoS 2 is answered by a PUBREC and a PUBCOMP': {
      steps: [step(packet(0x34, topic, id, 'x'), pubrec), step(packet(0x62, id), pubcomp)],
    },
    '[MQTT-4.3.3-2] QoS 2 that is repeated is answered by a PUBREC': {
      steps: [
        step(packet(0x34, topic, id, 'x'), pubrec),
        step(packet(0x3c, topic, id, 'x'), pubrec),
        step(packet(0x62, id), pubcomp),
      ],
    },
    '[MQTT-3.6.4-1] a PUBREL for nothing is answered by a PUBCOMP': {
      steps: [step(packet(0x62, id), pubcomp)],
    },
    'a PUBREC for nothing is answered by a PUBREL': { steps: [step(pubrec, packet(0x62, id))] },
    'a PUBACK for nothing changes nothing': { steps: [step(packet(0x40, id))] },
    'a PUBCOMP for nothing changes nothing': { steps: [step(pubcomp)] },
    '[MQTT-4.6.0-2] PUBACKs come in the order of the messages': {
      steps: [
        step(
          Buffer.concat([1, 2, 3, 4].map((n) => packet(0x32, topic, u16(n), 'x'))),
          Buffer.concat([1, 2, 3, 4].map((n) => packet(0x40, u16(n)))),
        ),
      ],
    },
    '[MQTT-3.3.1-10] a retained message may be empty': { steps: [step(packet(0x31, topic))] },
    '1.5.3 a topic may have any character': {
      steps: [step(packet(0x32, text('a\u{2a6d4}'), id), packet(0x40, id))],
    },
    '[MQTT-1.5.3-3] U+FEFF is a character like others': {
      steps: [
        step(packet(0x82, id, text('\ufeff'), 0), packet(0x90, id, 0)),
        step(packet(0x30, text('\ufeff'), 'x'), packet(0x30, text('\ufeff'), 'x')),
      ],
    },
    '[MQTT-3.12.4-1] a PINGREQ is answered': { steps: [step(PINGREQ, PINGRESP)] },
    '[MQTT-3.14.4-2] a DISCONNECT ends the connection': {
      steps: [step(packet(0xe0))],
      end: 'closed',
    },
    '[MQTT-3.1.4-5] what is sent behind a CONNECT at once is handled after it': {
      isUnconnected: true,
      steps: [
        step(
          Buffer.concat([
            connect(),
            packet(0x32, topic, id, 'x'),
            packet(0x32, topic, u16(9), 'x'),
          ]),
          Buffer.concat([packet(0x20, 0, 0), packet(0x40, id), packet(0x40, u16(9))]),
        ),
      ],
    },
  });
});

describe('subscriptions', () => {
  run({
    '[MQTT-3.8.4-1] QoS 0 is granted': {
      steps: [step(packet(0x82, id, topic, 0), packet(0x90, id, 0))],
    },
    '[MQTT-3.8.4-1] QoS 1 is granted': {
      steps: [step(packet(0x82, id, topic, 1), packet(0x90, id, 1))],
    },
    '[MQTT-3.8.4-1] QoS 2 is granted': {
      steps: [step(packet(0x82, id, topic, 2), packet(0x90, id, 2))],
    },
    '[MQTT-3.8.4-4] several filters have one answer': {
      steps: [
        step(
          packet(0x82, id, text('a'), 2, text('b'), 0, text('+/c'), 1),
          packet(0x90, id, 2, 0, 1),
        ),
      ],
    },
    '3.9.3 what is not granted is said, for each filter': {
      steps: [
        step(
          packet(0x82, id, text('a'), 0, text('$share/g/a'), 1, text('$SYS/#'), 0),
          packet(0x90, id, 0, 0x80, 0x80),
        ),
      ],
    },
    '3.9.3 a filter that suites want refused is refused': {
      steps: [step(packet(0x82, id, text('test/nosubscribe'), 2), packet(0x90, id, 0x80))],
    },
    '[MQTT-3.10.4-5] an UNSUBSCRIBE of nothing is answered': {
      steps: [step(packet(0xa2, id, topic), packet(0xb0, id))],
    },
    '[MQTT-3.10.4-2] behind an UNSUBSCRIBE nothing more comes': {
      steps: [
        step(packet(0x82, id, topic, 0), packet(0x90, id, 0)),
        step(packet(0x30, topic, 'x'), packet(0x30, topic, 'x')),
        step(packet(0xa2, id, topic, text('other')), packet(0xb0, id)),
        step(packet(0x30, topic, 'x')),
      ],
    },
    '[MQTT-3.8.4-3] a second SUBSCRIBE takes the place of the first': {
      steps: [
        step(packet(0x82, id, text('again'), 2), packet(0x90, id, 2)),
        step(packet(0x82, id, text('again'), 0), packet(0x90, id, 0)),
        step(packet(0x30, text('again'), 'x'), packet(0x30, text('again'), 'x')),
      ],
    },
  });
});
