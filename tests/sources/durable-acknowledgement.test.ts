import mqtt from 'mqtt';
import { expect, test, vi } from 'vitest';
import { openJournalWriter } from '../../journal/writer.ts';
import type { JournalWriter } from '../../journal/journal-writer.ts';
import { startMosquitto } from '../servers/mosquitto.ts';
import { needs } from '../servers/needs.ts';
import { lockJournal } from './lock-journal.ts';
import { MqttTap } from './mqtt-tap.ts';
import { SourceBench } from './source-bench.ts';
import { numbered, publishAll, withClient } from './test-messages.ts';

const WAIT = { timeout: 30_000, interval: 20 };
const MANY = ['max_queued_messages 100000', 'max_inflight_messages 0'];

function city(url: string) {
  return { name: 'city', mqtt: { url, topics: ['bins/#'], clientId: 'city' } };
}

/** What many programs do: mqtt.js acknowledges when the handler has returned, and the message is on its way to the disk. */
async function followHastily(url: string, journal: JournalWriter): Promise<mqtt.MqttClient> {
  const client = await mqtt.connectAsync(url, {
    clientId: 'city',
    clean: false,
    reconnectPeriod: 0,
  });
  client.on('message', (topic, payload, { qos, messageId = null, dup }) => {
    const entry = { topic, payload, qos, messageId, dup, backfill: false, principal: null };
    journal.append({ ...entry, receivedAtMs: Date.now() }).catch(() => {});
  });
  await client.subscribeAsync('bins/#', { qos: 1 });
  return client;
}

/** At each PUBACK: how many messages the journal has on disk less than are acknowledged by it. Above 0 is a broken promise. */
function watchDebt(bench: SourceBench) {
  let acknowledged = 0;
  const debts: number[] = [];
  return {
    debts,
    onFromClient: ({ cmd }: { readonly cmd: string }) => {
      if (cmd !== 'puback') return;
      acknowledged += 1;
      debts.push(acknowledged - bench.records('city').length);
    },
  };
}

needs('mosquitto', 'mosquitto-clients')('what a source acknowledges', () => {
  test('is on disk at the moment of each acknowledgement', async () => {
    await using broker = await startMosquitto({ settings: MANY });
    await using bench = await SourceBench.open();
    const { debts, onFromClient } = watchDebt(bench);
    await using tap = await MqttTap.open(broker.port, { onFromClient });
    const sources = bench.run([city(tap.url)]);
    await vi.waitFor(
      async () => expect(await sources.metric('tunna_source_connected', {})).toBe(1),
      WAIT,
    );
    const messages = numbered(400);
    await publishAll(broker.port, 'bins/a', messages);
    await vi.waitFor(() => expect(tap.acknowledged).toBe(messages.length), WAIT);
    expect(bench.payloads('city')).toEqual(messages);
    expect(Math.max(...debts)).toBe(0);
    expect(debts).toHaveLength(messages.length);
    expect(tap.connects).toBe(1);
    expect(await sources.metric('tunna_source_acknowledged_total', {})).toBe(messages.length);
  });

  test('is not on disk when mqtt.js acknowledges by itself, which this test would see', async () => {
    await using broker = await startMosquitto({ settings: MANY });
    await using bench = await SourceBench.open();
    const { debts, onFromClient } = watchDebt(bench);
    await using tap = await MqttTap.open(broker.port, { onFromClient });
    const journal = await openJournalWriter({ folder: bench.journalFolder, door: 'source-city' });
    const client = await followHastily(tap.url, journal);
    await publishAll(broker.port, 'bins/a', numbered(400));
    await vi.waitFor(() => expect(tap.acknowledged).toBe(400), WAIT);
    await client.endAsync(true);
    await journal.close();
    expect(Math.max(...debts)).toBeGreaterThan(0);
  });

  test('waits for a disk that is slow, on the same connection', async () => {
    await using broker = await startMosquitto({ settings: MANY });
    await using bench = await SourceBench.open();
    await using tap = await MqttTap.open(broker.port);
    const sources = bench.run([city(tap.url)]);
    await vi.waitFor(
      async () => expect(await sources.metric('tunna_source_connected', {})).toBe(1),
      WAIT,
    );
    const messages = numbered(50);
    {
      using _lock = lockJournal(bench.journalFile('city'));
      await publishAll(broker.port, 'bins/a', messages);
      await vi.waitFor(() => expect(tap.delivered).toBe(messages.length), WAIT);
      expect(tap.acknowledged).toBe(0);
    }
    await vi.waitFor(() => expect(tap.acknowledged).toBe(messages.length), WAIT);
    expect(bench.payloads('city')).toEqual(messages);
    expect(tap.connects).toBe(1);
  });

  test('is nothing while the disk fails, and everything once it works again', async () => {
    await using broker = await startMosquitto({ settings: MANY });
    await using bench = await SourceBench.open();
    await using tap = await MqttTap.open(broker.port);
    const sources = bench.run([city(tap.url)]);
    await vi.waitFor(
      async () => expect(await sources.metric('tunna_source_connected', {})).toBe(1),
      WAIT,
    );
    const messages = numbered(50);
    const journalFailures = { reason: 'journal' };
    {
      using _lock = lockJournal(bench.journalFile('city'));
      await publishAll(broker.port, 'bins/a', messages);
      await vi.waitFor(
        async () =>
          expect(
            await sources.metric('tunna_source_failures_total', journalFailures),
          ).toBeGreaterThan(1),
        WAIT,
      );
      expect(tap.acknowledged).toBe(0);
      expect(bench.payloads('city')).toEqual([]);
    }
    await vi.waitFor(() => expect(tap.acknowledged).toBe(messages.length), WAIT);
    expect(new Set(bench.payloads('city'))).toEqual(new Set(messages));
    expect(bench.records('city').some(({ dup }) => dup)).toBe(true);
    const told = bench.lines.filter(({ msg }) => msg.startsWith('The messages of a source cannot'));
    expect(told).toHaveLength(1);
  });

  test('is lost with the process that acknowledged before, which this test would see', async () => {
    await using broker = await startMosquitto({ settings: MANY });
    await using bench = await SourceBench.open();
    const journal = await openJournalWriter({ folder: bench.journalFolder, door: 'source-city' });
    const client = await followHastily(broker.url, journal);
    const messages = numbered(20);
    await using tap = await MqttTap.open(broker.port);
    {
      using _lock = lockJournal(bench.journalFile('city'));
      const failed = journal
        .append({ ...EMPTY, receivedAtMs: Date.now() })
        .catch((error: unknown) => error);
      await publishAll(broker.port, 'bins/a', messages);
      expect(await failed).toBeInstanceOf(Error);
      await client.endAsync(true);
      await journal.close();
    }
    // The same session again, with a client that keeps what it acknowledges: there is nothing left for it.
    const sources = bench.run([city(tap.url)]);
    await vi.waitFor(
      async () => expect(await sources.metric('tunna_source_connected', {})).toBe(1),
      WAIT,
    );
    await publishAll(broker.port, 'bins/a', ['the next']);
    await vi.waitFor(() => expect(tap.acknowledged).toBe(1), WAIT);
    expect(bench.payloads('city')).toEqual(['the next']);
  });

  test('is everything that was published while the source was away', async () => {
    await using broker = await startMosquitto({ settings: MANY });
    await using bench = await SourceBench.open();
    const first = bench.run([city(broker.url)]);
    await vi.waitFor(
      async () => expect(await first.metric('tunna_source_connected', {})).toBe(1),
      WAIT,
    );
    await first.stop();
    const messages = numbered(2_000);
    await publishAll(broker.port, 'bins/a', messages);
    const second = bench.run([city(broker.url)]);
    await vi.waitFor(
      async () =>
        expect(await second.metric('tunna_source_acknowledged_total', {})).toBe(messages.length),
      WAIT,
    );
    expect(bench.payloads('city')).toEqual(messages);
    expect(bench.lines.filter(({ msg }) => msg === 'The source is connected')).toMatchObject([
      { sessionPresent: false },
      { sessionPresent: true },
    ]);
  });

  test('may be more than the journal takes at once: the connection waits', async () => {
    await using broker = await startMosquitto({ settings: MANY });
    await using bench = await SourceBench.open();
    await using tap = await MqttTap.open(broker.port);
    const first = bench.run([city(tap.url)]);
    await vi.waitFor(
      async () => expect(await first.metric('tunna_source_connected', {})).toBe(1),
      WAIT,
    );
    await first.stop();
    // Twice as many as the journal lets wait for the disk.
    const messages = numbered(40_000);
    await publishAll(broker.port, 'bins/a', messages);
    const second = bench.run([city(tap.url)]);
    await vi.waitFor(() => expect(tap.acknowledged).toBe(messages.length), WAIT);
    expect(bench.payloads('city')).toEqual(messages);
    expect(tap.connects).toBe(2);
    expect(await second.metric('tunna_source_failures_total', {})).toBe(0);
  });

  test('is settled when the source stops, so that nothing comes twice', async () => {
    await using broker = await startMosquitto({ settings: MANY });
    await using bench = await SourceBench.open();
    const messages = numbered(3_000);
    let sources = bench.run([city(broker.url)]);
    await vi.waitFor(
      async () => expect(await sources.metric('tunna_source_connected', {})).toBe(1),
      WAIT,
    );
    const publishing = publishAll(broker.port, 'bins/a', messages);
    for (const reached of [500, 1_500]) {
      await vi.waitFor(() => expect(bench.records('city').length).toBeGreaterThan(reached), WAIT);
      await sources.stop();
      sources = bench.run([city(broker.url)]);
    }
    await publishing;
    await vi.waitFor(
      () => expect(bench.records('city').length).toBeGreaterThanOrEqual(messages.length),
      WAIT,
    );
    expect(bench.payloads('city')).toEqual(messages);
    await withClient(broker.url, { clientId: 'city', clean: true }, async () => {});
  });
});

const EMPTY = {
  topic: 'x',
  payload: Buffer.of(),
  qos: 0,
  messageId: null,
  dup: false,
  backfill: false,
  principal: null,
} as const;
