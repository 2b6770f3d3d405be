import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestTown } from '../../broker/testing/test-town.ts';
import { BytePeer } from './byte-peer.ts';
import { packet, text, u16 } from './wire.ts';

let town: TestTown;
let sender: BytePeer;

beforeAll(async () => {
  town = await TestTown.open({ open: true });
  sender = await BytePeer.connect(town.ports.mqttPort);
});

afterAll(async () => {
  sender[Symbol.dispose]();
  await town[Symbol.asyncDispose]();
});

/** Sends a message of QoS 1 or 2 to its end. */
async function publish(topic: string, qos: 1 | 2, retain = 0): Promise<void> {
  sender.send(packet(0x30 | (qos << 1) | retain, text(topic), u16(9), 'x'));
  if (qos === 1) return sender.receive(packet(0x40, u16(9)));
  await sender.receive(packet(0x50, u16(9)));
  sender.send(packet(0x62, u16(9)));
  return sender.receive(packet(0x70, u16(9)));
}

type Filters = readonly (readonly [filter: string, qos: number])[];

async function subscribe(filters: Filters): Promise<BytePeer> {
  const peer = await BytePeer.connect(town.ports.mqttPort);
  await addFilters(peer, filters);
  return peer;
}

async function addFilters(peer: BytePeer, filters: Filters): Promise<void> {
  const parts = filters.flatMap(([filter, qos]) => [text(filter), qos]);
  peer.send(packet(0x82, u16(5), ...parts));
  await peer.receive(packet(0x90, u16(5), ...filters.map(([, qos]) => qos)));
}

/** A PUBLISH to a client, with an identifier when it has a QoS. */
function message(topic: string, qos: number, id: number, retain = 0): Buffer {
  const head = [0x30 | (qos << 1) | retain, text(topic)] as const;
  return qos === 0 ? packet(...head, 'x') : packet(...head, u16(id), 'x');
}

describe('the quality of service', () => {
  test.each([
    ['of the message, when it is the lower', [['a/b', 2]], 1, 1],
    ['of the subscription, when it is the lower', [['a/b', 1]], 2, 1],
    ['of a subscription with a wildcard, likewise', [['a/+', 1]], 2, 1],
    ['of a subscription that asks for none', [['a/#', 0]], 2, 0],
    ['that is the highest of those that match, the lowest asked for first', [['a/+', 0], ['a/#', 1], ['#', 2]], 2, 2], // prettier-ignore
    ['that is the highest of those that match, the lowest asked for last', [['#', 2], ['a/#', 1], ['a/+', 0]], 2, 2], // prettier-ignore
    [
      'that ignores what does not match',
      [
        ['a/b', 1],
        ['a', 2],
        ['b/#', 2],
      ],
      2,
      1,
    ],
  ] as const)('[MQTT-3.3.5-1] is that %s', async (_name, filters, sent, received) => {
    using peer = await subscribe(filters);
    await publish('a/b', sent);
    await peer.receive(message('a/b', received, 1));
    await peer.receiveNothing();
  });

  test.each([
    [2, 1],
    [2, 0],
    [1, 0],
    [1, 2],
  ] as const)('[MQTT-3.8.4-6] of a retained message, %i, is lowered to %i', async (sent, asked) => {
    await publish('kept', sent, 1);
    using peer = await BytePeer.connect(town.ports.mqttPort);
    peer.send(packet(0x82, u16(5), text('+'), asked));
    const qos = Math.min(sent, asked);
    await peer.receive(packet(0x90, u16(5), asked), message('kept', qos, 1, 1));
    await peer.receiveNothing();
    sender.send(packet(0x31, text('kept')));
    await sender.receiveNothing();
  });
});

describe('packet identifiers', () => {
  test('begin at 1 and are not those of other clients', async () => {
    using one = await subscribe([['#', 1]]);
    using other = await subscribe([['#', 2]]);
    for (const id of [1, 2, 3]) {
      await publish('a', 1);
      await one.receive(message('a', 1, id));
      await other.receive(message('a', 1, id));
    }
  });

  test('[MQTT-2.3.1-4] in use are passed over until they are answered', async () => {
    using peer = await subscribe([['#', 1]]);
    const held = await inFlightOf(peer);
    peer.send(packet(0x40, u16(held[1])));
    await peer.receiveNothing();
    await publish('a', 1);
    await peer.receive(message('a', 1, held[2] + 1));
  });

  async function inFlightOf(peer: BytePeer): Promise<[number, number, number]> {
    for (const id of [1, 2, 3]) {
      await publish('a', 1);
      await peer.receive(message('a', 1, id));
    }
    return [1, 2, 3];
  }
});

describe('an answer to what was sent', () => {
  const PUBACK = packet(0x40, u16(1));
  const PUBREC = packet(0x50, u16(1));
  const PUBREL = packet(0x62, u16(1));
  const PUBCOMP = packet(0x70, u16(1));

  test('[MQTT-4.3.2-1] is a PUBACK for QoS 1', async () => {
    using peer = await subscribe([['a', 1]]);
    await publish('a', 1);
    await peer.receive(message('a', 1, 1));
    peer.send(PUBACK);
    await peer.receiveNothing();
  });

  test('[MQTT-4.3.3-1] is a PUBREC and a PUBCOMP for QoS 2, of which the first may be repeated', async () => {
    using peer = await subscribe([['a', 2]]);
    await publish('a', 2);
    await peer.receive(message('a', 2, 1));
    peer.send(PUBREC);
    await peer.receive(PUBREL);
    peer.send(PUBREC);
    await peer.receive(PUBREL);
    peer.send(PUBCOMP);
    await peer.receiveNothing();
  });

  test.each([
    ['a PUBREC for QoS 1', 1, [], PUBREC],
    ['a PUBCOMP for QoS 1', 1, [], PUBCOMP],
    ['a PUBACK for QoS 2', 2, [], PUBACK],
    ['a PUBCOMP before the PUBREC', 2, [], PUBCOMP],
    ['a PUBACK behind the PUBREC', 2, [PUBREC], PUBACK],
  ] as const)('[MQTT-4.8.0-1] %s ends the connection', async (_name, qos, before, wrong) => {
    using peer = await subscribe([['a', qos]]);
    await publish('a', qos);
    await peer.receive(message('a', qos, 1));
    for (const answer of before) {
      peer.send(answer);
      await peer.receive(PUBREL);
    }
    peer.send(wrong);
    await peer.receiveEnd();
  });
});

describe('topics', () => {
  test('[MQTT-4.7.2-1] with $ in front match no wildcard at their beginning', async () => {
    using all = await subscribe([
      ['#', 0],
      ['+/a', 0],
    ]);
    using dollar = await subscribe([['$x/+', 0]]);
    await publish('$x/a', 1);
    await dollar.receive(message('$x/a', 0, 0));
    await all.receiveNothing();
  });

  test.each([
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['+', 'a', true],
    ['+', '/a', false],
    ['+/+', '/a', true],
    ['/+', '/a', true],
    ['a/+', 'a', false],
    ['a/+', 'a/', true],
    ['A', 'a', false],
    ['a/+/c', 'a/b/c', true],
  ] as const)('[MQTT-4.7.1-2, 3] %s and %s: %s', async (filter, topic, isMatch) => {
    using peer = await subscribe([[filter, 0]]);
    await publish(topic, 1);
    if (isMatch) await peer.receive(message(topic, 0, 0));
    await peer.receiveNothing();
  });
});

test('every message that was acknowledged is in the journal, routed or not', async () => {
  using peer = await subscribe([['a', 0]]);
  await publish('a', 1);
  await publish('nobody/listens', 2);
  await peer.receive(message('a', 0, 0));
  const topics = town.readJournal().map(({ topic }) => topic);
  expect(topics.slice(-2)).toEqual(['a', 'nobody/listens']);
});
