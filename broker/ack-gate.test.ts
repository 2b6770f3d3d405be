import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openJournalReader } from '../journal/reader.ts';
import { openJournalWriter } from '../journal/writer.ts';
import { AckGate, AckLane } from './ack-gate.ts';
import { createBrokerMetrics } from './broker-metrics.ts';
import { DEFAULT_LIMITS } from './broker-options.ts';
import { TestTown, publishPacket } from './testing/test-town.ts';
import type { RawPeer } from './testing/test-town.ts';

let town: TestTown;

beforeEach(async () => {
  town = await TestTown.open({
    limits: { deviceBurst: 300, deviceMessagesPerSecond: 100, journalFailureDelayMs: 50 },
  });
});

afterEach(async () => {
  await town[Symbol.asyncDispose]();
});

function connectPeer(id: string, token: string): Promise<RawPeer> {
  return town.connectPeer(id, token, { clientId: `peer-${Math.random()}` });
}

const pubacks = (peer: RawPeer): (number | undefined)[] =>
  peer.of('puback').map(({ messageId }) => messageId);

test('a PUBACK comes only when another process can read the message from the journal', async () => {
  const peer = await connectPeer('dev-1', await town.add('dev-1'));
  let acknowledged = 0;
  let fewest = Number.POSITIVE_INFINITY;
  peer.socket.on('data', () => {
    acknowledged = peer.of('puback').length;
    fewest = Math.min(fewest, town.countJournal() - acknowledged);
  });
  for (let id = 1; id <= 200; id += 1) {
    peer.send(publishPacket('bins/dev-1/up', `message ${id}`, { messageId: id }));
  }
  await vi.waitFor(() => expect(acknowledged).toBe(200));
  expect(fewest).toBeGreaterThanOrEqual(0);
});

test('acknowledgements come in the order of the messages, and the journal has that order', async () => {
  const peer = await connectPeer('dev-1', await town.add('dev-1'));
  const ids = Array.from({ length: 250 }, (_, index) => index + 1);
  peer.send(...ids.map((id) => publishPacket('bins/dev-1/up', `${id}`, { messageId: id })));
  await vi.waitFor(() => expect(pubacks(peer)).toEqual(ids));
  expect(town.readJournal().map(({ payload }) => Number(String(payload)))).toEqual(ids);
});

test('the journal has the message as it was sent', async () => {
  const peer = await connectPeer('a81758fffe05abcd', await town.add('a81758fffe05abcd'));
  const payload = Buffer.from([0, 1, 254, 255]);
  const topic = 'bins/A81758FFFE05ABCD/up';
  peer.send(publishPacket(topic, payload, { messageId: 513, dup: true, retain: true }));
  await vi.waitFor(() => expect(pubacks(peer)).toEqual([513]));
  expect(town.readJournal()).toEqual([
    {
      seq: 1,
      receivedAtMs: expect.any(Number),
      principal: 'a81758fffe05abcd',
      topic,
      payload,
      qos: 1,
      messageId: 513,
      dup: true,
      backfill: false,
    },
  ]);
});

test('QoS 0 is journaled too, even when the sender leaves at once', async () => {
  const peer = await connectPeer('dev-1', await town.add('dev-1'));
  peer.send(publishPacket('bins/dev-1/up', 'q0', { qos: 0 }), { cmd: 'disconnect' });
  await vi.waitFor(() => expect(town.countJournal()).toBe(1));
  expect(town.readJournal()[0]).toMatchObject({ qos: 0, messageId: null });
});

test('QoS 2 is received only when the journal has it', async () => {
  const peer = await connectPeer('dev-1', await town.add('dev-1'));
  let atPubrec = -1;
  peer.socket.on('data', () => {
    if (peer.of('pubrec').length > 0 && atPubrec === -1) atPubrec = town.countJournal();
  });
  peer.send(publishPacket('bins/dev-1/up', 'q2', { qos: 2, messageId: 9 }));
  await vi.waitFor(() => expect(atPubrec).toBe(1));
  peer.send({ cmd: 'pubrel', messageId: 9 });
  await vi.waitFor(() => expect(peer.of('pubcomp')).toHaveLength(1));
});

test('a message is neither retained nor passed on, whatever its sender asks', async () => {
  const peer = await connectPeer('dev-1', await town.add('dev-1'));
  peer.send(publishPacket('bins/dev-1/up', 'x', { retain: true }));
  await vi.waitFor(() => expect(pubacks(peer)).toEqual([1]));
  const gateway = await connectPeer('ttn', await town.add('ttn', 'gateway', { prefixes: ['#'] }));
  gateway.send(publishPacket('anything', 'x', { retain: true }));
  await vi.waitFor(() => expect(pubacks(gateway)).toEqual([1]));
  expect(peer.of('publish')).toEqual([]);
});

test('a device that sends too fast is acknowledged later, in order and in full', async () => {
  const token = await town.add('dev-1');
  const peer = await connectPeer('dev-1', token);
  const ids = Array.from({ length: 350 }, (_, index) => index + 1);
  const startMs = performance.now();
  peer.send(...ids.map((id) => publishPacket('bins/dev-1/up', 'x', { messageId: id })));
  await vi.waitFor(() => expect(pubacks(peer)).toHaveLength(350), { timeout: 5_000 });
  // 50 messages beyond the burst at 100 a second.
  expect(performance.now() - startMs).toBeGreaterThan(400);
  expect(pubacks(peer)).toEqual(ids);
  expect(town.countJournal()).toBe(350);
});

test('a gateway, and a device that fills in the past, are not slowed down', async () => {
  const gateway = await connectPeer(
    'ttn',
    await town.add('ttn', 'gateway', { prefixes: ['v3/#'] }),
  );
  const replay = await connectPeer('dev-1', await town.add('dev-1', 'device', { backfill: true }));
  const ids = Array.from({ length: 1_500 }, (_, index) => index + 1);
  gateway.send(...ids.map((id) => publishPacket('v3/x', 'x', { messageId: id })));
  replay.send(...ids.map((id) => publishPacket('bins/dev-1/up', 'x', { messageId: id })));
  // At a device's rate this would take twelve seconds.
  await vi.waitFor(() => expect(pubacks(gateway).length + pubacks(replay).length).toBe(3_000), {
    timeout: 8_000,
  });
  expect(town.readJournal().filter(({ backfill }) => backfill)).toHaveLength(1_500);
});

describe('when more comes than the journal takes', () => {
  async function submitAtOnce(waitingForJournal: number, count: number): Promise<string[]> {
    const journal = await openJournalWriter({
      folder: town.folder,
      door: 'narrow',
      maxPendingRecords: 10,
    });
    const gauges = { connections: () => 0, pendingRecords: () => 0, pendingBytes: () => 0 };
    const gate = new AckGate({
      journal,
      limits: { ...DEFAULT_LIMITS, waitingForJournal, journalFailureDelayMs: 1 },
      metrics: createBrokerMetrics({ ...gauges, failing: () => false }),
      uptimeMs: () => performance.now(),
    });
    const outcomes: string[] = [];
    await Promise.all(
      Array.from({ length: count }, (_, index) => {
        const entry = {
          receivedAtMs: 1,
          principal: 'p',
          topic: 't',
          payload: Buffer.from(String(index)),
          qos: index % 2 === 0 ? 1 : 0,
          messageId: null,
          dup: false,
          backfill: false,
        } as const;
        return new Promise<void>((resolve) => {
          // A connection each: a failure ends what comes behind it on the same one.
          gate.submit(new AckLane(), entry, (error) => {
            outcomes.push(`${index} ${error ? 'refused' : 'passed'}`);
            resolve();
          });
        });
      }),
    );
    await journal.close();
    return outcomes;
  }

  test('messages wait for room and pass in order', async () => {
    const expected = Array.from({ length: 100 }, (_, index) => `${index} passed`);
    expect(await submitAtOnce(90, 100)).toEqual(expected);
  });

  test('beyond what may wait QoS 1 is refused and QoS 0 dropped', async () => {
    const outcomes = await submitAtOnce(20, 40);
    const refused = outcomes.filter((outcome) => outcome.endsWith('refused'));
    expect(refused.map((outcome) => parseInt(outcome))).toEqual([30, 32, 34, 36, 38]);
    expect(outcomes).toHaveLength(40);
    const reader = openJournalReader(join(town.folder, 'narrow.sqlite'));
    expect(reader.newestSeq()).toBe(30);
    reader.close();
  });
});

describe('when the journal fails', () => {
  test('nothing is acknowledged, the connection closes, and later everything goes on', async () => {
    const token = await town.add('dev-1');
    const peer = await connectPeer('dev-1', token);
    peer.send(publishPacket('bins/dev-1/up', 'before'));
    await vi.waitFor(() => expect(pubacks(peer)).toEqual([1]));
    // Another connection that writes makes each commit fail: the journal does not wait for ever.
    const blocker = new Sqlite(town.journalFile);
    blocker.exec('begin immediate');
    peer.send(publishPacket('bins/dev-1/up', 'during', { messageId: 2 }));
    await vi.waitFor(() => expect(peer.closed).toBe(true), { timeout: 8_000 });
    expect(pubacks(peer)).toEqual([1]);
    expect(town.broker.failing).toBe(true);
    blocker.exec('rollback');
    blocker.close();
    const again = await connectPeer('dev-1', token);
    again.send(publishPacket('bins/dev-1/up', 'during', { messageId: 2, dup: true }));
    await vi.waitFor(() => expect(pubacks(again)).toEqual([2]));
    expect(town.broker.failing).toBe(false);
    expect(town.readJournal().map(({ payload }) => String(payload))).toEqual(['before', 'during']);
  });
});

describe('on a full disk', () => {
  const disk = mkdtempSync(join(tmpdir(), 'tunna-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status === 0;

  afterAll(() => {
    if (mounted) spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  test.skipIf(!mounted)(
    'nothing is acknowledged that is not kept, and with space again everything goes on (needs the right to mount a tmpfs)',
    async () => {
      await town.broker.stop();
      await town.startBroker({ journalFolder: disk, limits: { journalFailureDelayMs: 50 } });
      const token = await town.add('dev-1');
      const acknowledged: number[] = [];
      let messageId = 0;
      const fill = await connectPeer('dev-1', token);
      while (!fill.closed && messageId < 500) {
        messageId += 1;
        fill.send(publishPacket('bins/dev-1/up', Buffer.alloc(16_000, 'x'), { messageId }));
        const answered = (): boolean => fill.closed || pubacks(fill).length === messageId;
        await vi.waitFor(() => expect(answered()).toBe(true), 5_000);
      }
      acknowledged.push(...pubacks(fill).map(Number));
      expect(fill.closed).toBe(true);
      expect(town.broker.failing).toBe(true);
      expect(acknowledged).toEqual(Array.from({ length: messageId - 1 }, (_, index) => index + 1));
      spawnSync('mount', ['-o', 'remount,size=8m', disk]);
      const again = await connectPeer('dev-1', token);
      again.send(
        publishPacket('bins/dev-1/up', Buffer.alloc(16_000, 'x'), { messageId, dup: true }),
      );
      await vi.waitFor(() => expect(pubacks(again)).toEqual([messageId]), 5_000);
      const reader = openJournalReader(join(disk, 'mqtt.sqlite'));
      const kept = reader.read(0, 1_000).records.map((record) => record.messageId);
      reader.close();
      expect(kept).toEqual([...acknowledged, messageId]);
      expect(town.broker.failing).toBe(false);
      await town.broker.stop();
    },
  );
});

test('a broker that starts again goes on with the numbers of its journal', async () => {
  const token = await town.add('dev-1');
  const before = await connectPeer('dev-1', token);
  before.send(publishPacket('bins/dev-1/up', 'before'));
  await vi.waitFor(() => expect(pubacks(before)).toEqual([1]));
  await town.broker.stop();
  expect(before.closed).toBe(true);
  await town.startBroker();
  const after = await connectPeer('dev-1', token);
  after.send(publishPacket('bins/dev-1/up', 'after'));
  await vi.waitFor(() => expect(pubacks(after)).toEqual([1]));
  expect(town.readJournal().map(({ seq, payload }) => [seq, String(payload)])).toEqual([
    [1, 'before'],
    [2, 'after'],
  ]);
});

test('stopping keeps what had come in', async () => {
  const peer = await connectPeer('ttn', await town.add('ttn', 'gateway', { prefixes: ['v3/#'] }));
  peer.send(
    ...Array.from({ length: 500 }, (_, i) => publishPacket('v3/x', 'x', { messageId: i + 1 })),
  );
  await vi.waitFor(() => expect(pubacks(peer).length).toBeGreaterThan(0));
  await town.broker.stop();
  expect(town.countJournal()).toBeGreaterThanOrEqual(pubacks(peer).length);
  await town.startBroker();
});
