import { connect } from 'node:net';
import fc from 'fast-check';
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import mqttPacket from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { qualityFromCode } from '../../domain/quality.ts';
import { QUARANTINE_REASONS } from '../../ingest/quarantine-reason.ts';
import { addMountedDevice } from '../../ingest/testing/sample-town.ts';
import { UNMODELLED_EUI, VICTIM, badMessages } from './bad-messages.ts';
import type { BadMessage } from './bad-messages.ts';
import { countOf, drain } from './conservation.ts';
import {
  CHIRPSTACK_EUI,
  CHIRPSTACK_TOPIC,
  MODEL,
  TTS_EUI,
  TTS_TOPIC,
  chirpStackDocument,
  ttsDocument,
} from './lorawan-documents.ts';
import { corrupt, mutilate, truncate } from './mutilate.ts';
import { Publisher, countStored } from './publisher.ts';
import { startTunna } from './running-tunna.ts';
import type { PartName, RunningTunna } from './running-tunna.ts';
import { addPrincipal } from './town-of-devices.ts';
import type { Credentials } from './town-of-devices.ts';

const NEIGHBOUR = 'neighbour';
const PARTS: readonly PartName[] = ['broker', 'ingest', 'dashboard'];

/** Of the mutilated documents; another number, other bytes. */
const SEED = 20_260_301;

let tunna: RunningTunna;
let gateway: MqttClient;
let neighbour: Publisher;
let device: Credentials;
let partsBefore: (number | undefined)[];
/** Everything but the neighbour's that was acknowledged. */
let accepted = 0;

const partIds = (): (number | undefined)[] => PARTS.map((part) => tunna.findPart(part));

beforeAll(async () => {
  tunna = await startTunna();
  await using opened = tunna.openStore();
  const { store } = opened;
  for (const [bin, id, model] of [
    ['bin-0', VICTIM, null],
    ['bin-1', 'dev-1', null],
    ['bin-2', NEIGHBOUR, null],
    ['bin-3', TTS_EUI, MODEL],
    ['bin-4', CHIRPSTACK_EUI, MODEL],
    ['bin-5', UNMODELLED_EUI, null],
  ] as const) {
    await addMountedDevice(store, { bin, id, model }, Date.now());
  }
  const prefixes = ['v3/#', 'application/#', 'bins/#', 'odd/#', '/json/#'];
  const credentials = await addPrincipal(store, { id: 'gw', kind: 'gateway', prefixes });
  device = await addPrincipal(store, { id: VICTIM, kind: 'device' });
  const own = await addPrincipal(store, { id: NEIGHBOUR, kind: 'device' });
  gateway = await mqtt.connectAsync({ host: '127.0.0.1', port: tunna.mqttPort, ...credentials });
  neighbour = new Publisher(tunna, own, { name: NEIGHBOUR, devices: [NEIGHBOUR] });
  partsBefore = partIds();
});

afterAll(async () => {
  await gateway?.endAsync();
  await tunna?.stop();
});

/** Publishes through the gateway; resolves when every message is acknowledged. */
async function publish(messages: readonly Pick<BadMessage, 'topic' | 'payload'>[]): Promise<void> {
  for (let start = 0; start < messages.length; start += 100) {
    const part = messages.slice(start, start + 100);
    await Promise.all(
      part.map(({ topic, payload }) => gateway.publishAsync(topic, payload, { qos: 1 })),
    );
    accepted += part.length;
  }
}

async function findQuarantined({ topic, payload }: Pick<BadMessage, 'topic' | 'payload'>) {
  await using opened = tunna.openStore();
  const rows = await opened.store.db
    .selectFrom('quarantine')
    .select(['reason', 'detail', 'payload', 'topic'])
    .where('topic', '=', topic)
    .execute();
  return rows.filter((row) => row.payload.equals(payload));
}

describe('a message that cannot become a reading', () => {
  const messages = badMessages();

  beforeAll(async () => {
    await publish(messages);
    await drain(tunna);
  });

  test.each(messages)('($name) is set aside as $reason, byte for byte', async (message) => {
    const [row, ...others] = await findQuarantined(message);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ reason: message.reason });
    expect(row?.detail).toMatch(/^[^\p{Cc}]{1,200}$/u);
  });

  test('is counted by its reason where the town is watched', async () => {
    const expected = new Map<string, number>();
    for (const { reason } of messages) expected.set(reason, (expected.get(reason) ?? 0) + 1);
    await vi.waitFor(async () => {
      const answer = await fetch(`${tunna.httpUrl}/metrics`);
      const lines = (await answer.text()).split('\n');
      for (const [reason, count] of expected) {
        expect(lines).toContain(
          `tunna_messages{outcome="quarantined",reason="${reason}"} ${count}`,
        );
      }
    }, 20_000);
  });

  test('has every reason there is, but for what does not come through this door', () => {
    const seen = new Set(messages.map(({ reason }) => reason));
    const missing = Object.keys(QUARANTINE_REASONS).filter(
      (reason) => !new Set<string>(seen).has(reason),
    );
    // Longer than the door lets in; and what no message should cause.
    expect(missing).toEqual(['too-long', 'internal-error']);
  });
});

describe('a message with a clock that cannot be right', () => {
  const HOUR_MS = 3_600_000;
  const clocks: [string, number][] = [
    ['an hour ahead', Date.now() + HOUR_MS],
    ['in the year 9999', Date.UTC(9999, 11, 31)],
    ['1970', 0],
    ['before 1970', -1],
    ['1980', Date.UTC(1980, 0, 6)],
    ['2000', Date.UTC(2000, 0, 1)],
  ];

  async function expectSuspicious(topic: string, document: object, id: string): Promise<void> {
    const payload = Buffer.from(JSON.stringify(document));
    await publish([{ topic, payload }]);
    await drain(tunna);
    await using opened = tunna.openStore();
    const rows = await opened.store.db
      .selectFrom('readings')
      .innerJoin('uplinks', 'uplinks.id', 'readings.uplink_id')
      .select(['quality', 'clock_reason', 'observed_at', 'payload'])
      .select('readings.received_at')
      .where('readings.device_id', '=', id)
      .execute();
    const row = rows.find((one) => one.payload.equals(payload));
    expect(row?.clock_reason).toMatch(/^clock-/);
    expect(qualityFromCode(row?.quality ?? -1)).toBe('suspicious');
    expect(row?.observed_at).toBe(row?.received_at);
    expect(Math.abs((row?.received_at ?? 0) - Date.now())).toBeLessThan(HOUR_MS / 2);
  }

  test.each(clocks)('(%s, own JSON) is stored as suspicious at its arrival', async (_, atMs) => {
    const document = { observedAt: atMs, fillPercent: 40, boot: `clock-${atMs}`, seq: 1 };
    await expectSuspicious(`bins/${VICTIM}/up`, document, VICTIM);
  });

  test.each(clocks.filter(([, atMs]) => atMs >= 0))(
    '(%s, network servers) is stored as suspicious at its arrival',
    async (_, atMs) => {
      const time = new Date(atMs).toISOString();
      const tts = ttsDocument();
      const frame = { ...tts.uplink_message, received_at: time, f_cnt: atMs % 65_000 };
      await expectSuspicious(TTS_TOPIC, { ...tts, uplink_message: frame }, TTS_EUI.toLowerCase());
      const chirpStack = { ...chirpStackDocument(), time, fCnt: 70_000 + (atMs % 65_000) };
      await expectSuspicious(CHIRPSTACK_TOPIC, chirpStack, CHIRPSTACK_EUI);
    },
  );
});

describe('a message that is odd and can be read', () => {
  test.each([
    ['a level of minus nothing', '{"fillPercent":-0,"boot":"odd-1","seq":1}', 0, 'accepted'],
    ['a key twice: the last one counts', '{"fillPercent":9,"fillPercent":20}', 20, 'accepted'],
    ['a level of 101 %', '{"fillPercent":101}', 101, 'accepted'],
    ['the smallest number there is', '{"fillPercent":5e-324}', 0, 'accepted'],
  ])('(%s) is stored as what it says', async (_, text, fillPercent, quality) => {
    const payload = Buffer.from(text);
    await publish([{ topic: `bins/${VICTIM}/up`, payload }]);
    await drain(tunna);
    const stored = (await readStored(VICTIM)).filter((row) => row.payload.equals(payload));
    expect(stored.map((row) => [row.fill_percent, qualityFromCode(row.quality)])).toEqual([
      [fillPercent, quality],
    ]);
  });
});

async function readStored(deviceId: string) {
  await using opened = tunna.openStore();
  return await opened.store.db
    .selectFrom('readings')
    .innerJoin('uplinks', 'uplinks.id', 'readings.uplink_id')
    .select(['fill_percent', 'quality', 'payload'])
    .where('readings.device_id', '=', deviceId)
    .execute();
}

test('a device that names another in its message says nothing for it: that is set aside', async () => {
  const client = await mqtt.connectAsync({ host: '127.0.0.1', port: tunna.mqttPort, ...device });
  const topic = `bins/${VICTIM}/up`;
  const [foreign, own] = ['dev-1', VICTIM].map((deviceId) =>
    Buffer.from(JSON.stringify({ deviceId, fillPercent: 99, boot: 'spoof', seq: 1 })),
  );
  if (foreign === undefined || own === undefined) throw new Error('there are two');
  for (const payload of [foreign, own]) await client.publishAsync(topic, payload, { qos: 1 });
  await client.endAsync();
  accepted += 2;
  await drain(tunna);
  expect(await findQuarantined({ topic, payload: foreign })).toMatchObject([
    { reason: 'device-mismatch' },
  ]);
  const isOfDevice = (row: { payload: Buffer }): boolean =>
    row.payload.equals(foreign) || row.payload.equals(own);
  expect((await readStored('dev-1')).filter(isOfDevice)).toEqual([]);
  const stored = (await readStored(VICTIM)).filter(isOfDevice);
  expect(stored.map(({ payload }) => payload)).toEqual([own]);
});

describe('documents of network servers', () => {
  const documents: [string, string, object][] = [
    ['The Things Stack', TTS_TOPIC, ttsDocument()],
    ['ChirpStack', CHIRPSTACK_TOPIC, chirpStackDocument()],
  ];

  test.each(documents)(
    `of %s, mutilated at every place, are each accounted for by name (seed ${SEED})`,
    async (_, topic, document) => {
      const text = JSON.stringify(document);
      const payloads = [
        ...mutilate(document).map((one) => Buffer.from(one)),
        ...truncate(text),
        ...corrupt(text, 1_500, SEED),
      ];
      const distinct = new Map(payloads.map((payload) => [payload.toString('latin1'), payload]));
      expect(distinct.size).toBeGreaterThan(2_000);
      const before = (await drain(tunna)).tally;
      await publish([...distinct.values()].map((payload) => ({ topic, payload })));
      const after = (await drain(tunna)).tally;

      await using opened = tunna.openStore();
      const { db } = opened.store;
      const kept = new Set<string>();
      for (const table of ['uplinks', 'quarantine'] as const) {
        const rows = await db
          .selectFrom(table)
          .select('payload')
          .where('topic', '=', topic)
          .execute();
        for (const { payload } of rows) kept.add(payload.toString('latin1'));
      }
      const gone = [...distinct.keys()].filter((one) => !kept.has(one));
      // A copy of a frame that is stored already leaves no bytes of its own: it differs only around the frame.
      expect(countOf(after, 'duplicate') - countOf(before, 'duplicate')).toBeGreaterThanOrEqual(
        gone.length,
      );
      const names = new Set<string>([...Object.keys(QUARANTINE_REASONS), '']);
      expect(after.map(({ reason }) => reason).filter((reason) => !names.has(reason))).toEqual([]);
      for (const one of truncate(text).slice(0, -1)) {
        expect(kept.has(one.toString('latin1'))).toBe(true);
      }
    },
  );
});

describe('what is no message at all', () => {
  /** Sends bytes to a port, the rest after the first answer if there is a rest, until the other end closes. */
  async function throwAt(port: number, first: Buffer, rest?: Buffer): Promise<Buffer> {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    if (rest !== undefined) socket.once('data', () => socket.write(rest));
    // A reset is an end like any other.
    socket.on('error', () => {});
    socket.write(first);
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    return Buffer.concat(chunks);
  }

  const login = (): Buffer =>
    mqttPacket.generate({
      cmd: 'connect',
      clientId: 'bad',
      username: device.username,
      password: Buffer.from(device.password),
    });

  const message = (bytes: number, topic = `bins/${VICTIM}/up`): Buffer =>
    mqttPacket.generate({
      cmd: 'publish',
      topic,
      payload: Buffer.alloc(bytes, 'x'),
      qos: 1,
      messageId: 1,
      dup: false,
      retain: false,
    });

  test('is refused with a reason, and the reasons are counted in the log', async () => {
    const malformed: [string, Buffer][] = [
      ['too-large', message(17_000)],
      ['The packet is too large', message(18_000)],
      // Announced as 256 MB.
      ['The packet is too large', Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f])],
      ['topic', message(9, 'bins/dev-1/up')],
      ['A text has forbidden characters', Buffer.from([0x30, 4, 0, 2, 0xc3, 0x28])],
      ['Packet must not have both QoS bits set to 1', Buffer.from([0x36, 3, 0, 1, 0x61])],
    ];
    const expected = new Map<string, number>();
    for (const [reason, packet] of malformed) {
      for (let times = 0; times < 3; times += 1) {
        const answer = await throwAt(tunna.mqttPort, login(), packet);
        // A CONNACK, and no PUBACK.
        expect(answer.toString('hex')).toBe('20020000');
        expected.set(reason, (expected.get(reason) ?? 0) + 1);
      }
    }
    const counts = (): Map<string, number> =>
      new Map(
        [...expected.keys()].map((reason) => [reason, countRefusals(tunna.logText(), reason)]),
      );
    // What follows the first of a kind soon is told together, some seconds later.
    await vi.waitFor(() => expect(counts()).toEqual(expected), { timeout: 20_000, interval: 200 });
  });

  test('ends its own connection, at every port', async () => {
    const bytes = fc.uint8Array({ minLength: 200, maxLength: 300 });
    const garbage = fc.sample(bytes, { numRuns: 8, seed: SEED }).map((one) => Buffer.from(one));
    // Too long for a header of any kind.
    const endless = Buffer.alloc(100_000, 0x78);
    for (const port of [tunna.mqttPort, tunna.mqttWsPort, tunna.port]) {
      const foreign = port === tunna.mqttPort ? 'GET / HTTP/1.1' : '\x10\x0c\x00\x04MQTT';
      const lines = [...garbage, endless, Buffer.from(foreign)];
      await Promise.all(
        lines.map((line) => throwAt(port, Buffer.concat([line, Buffer.from('\r\n\r\n')]))),
      );
    }
  });
});

/** Lines name the first of a kind; those that follow soon are told together, by number. */
function countRefusals(log: string, reason: string): number {
  let count = 0;
  for (const line of log.split('\n')) {
    if (!line.startsWith('{')) continue;
    // Safe: every line that the parts log is such an object.
    const { reason: told, suppressed } = JSON.parse(line) as {
      readonly reason?: string;
      readonly suppressed?: Readonly<Record<string, number>>;
    };
    if (told === reason) count += 1;
    count += suppressed?.[reason] ?? 0;
  }
  return count;
}

test('in the end the neighbour has lost nothing, nothing restarted, and everything adds up', async () => {
  await neighbour.stop();
  const owed = [...neighbour.acknowledged];
  expect(owed.length).toBeGreaterThan(100);
  const { journaled, tally } = await drain(tunna);
  const stored = await countStored(tunna);
  expect(owed.filter((boot) => stored.get(boot) !== 1)).toEqual([]);
  expect(journaled).toBe(accepted + neighbour.published);
  expect(countOf(tally)).toBe(journaled);
  expect(partIds()).toEqual(partsBefore);
  expect(tunna.logText()).not.toMatch(/could not be stored|was killed|exit code/);
  // Nothing goes round: one more message is one more.
  await publish([{ topic: 'odd/topic', payload: Buffer.from('one more') }]);
  expect(countOf((await drain(tunna)).tally)).toBe(journaled + 1);
});
