import { describe, expect, test } from 'vitest';
import { readTestData } from '../testing/test-data.ts';
import { readChirpStackNews, readTtnNews } from './command-news.ts';

const ID = '6f1c1b8e-2c4f-4a53-9b0e-0d3f8c2a7e11';
const OTHERS = ['as:downlink:01E19B99501X84X6CV471TVSZ1', 'my-id'];
const downlink = { f_port: 85, correlation_ids: [...OTHERS, `tunna:${ID}`] };

describe('events of The Things Stack', () => {
  test.each([
    ['downlink_queued', 'sent'],
    ['downlink_sent', 'sent'],
    ['downlink_nack', 'sent'],
    ['downlink_ack', 'acknowledged'],
  ])('%s says that our command is %s', (key, state) => {
    expect(readTtnNews({ [key]: downlink })).toEqual([{ commandId: ID, state }]);
  });

  test('a failure comes with its reason', () => {
    const error = { name: 'application_downlink_too_long', message_format: 'payload is too long' };
    const news = { commandId: ID, state: 'failed' };
    expect(readTtnNews({ downlink_failed: { downlink, error } })).toEqual([
      { ...news, detail: 'payload is too long' },
    ]);
    expect(readTtnNews({ downlink_failed: { downlink } })).toEqual([
      { ...news, detail: 'no reason given' },
    ]);
  });

  test.each([
    {},
    null,
    { downlink_ack: { correlation_ids: OTHERS } },
    { downlink_ack: { correlation_ids: ['tunna:', 'tunna:not-an-id', `x-tunna:${ID}`] } },
    { downlink_ack: { correlation_ids: Array.from({ length: 1_000 }, () => `tunna:${ID}`) } },
    { downlink_ack: 7 },
    { downlinks: [downlink] },
  ])('say nothing of our commands: %j', (document) => {
    expect(readTtnNews(document)).toEqual([]);
  });
});

describe('events of ChirpStack', () => {
  test('txack says sent, ack what the device said', () => {
    expect(readChirpStackNews({ queueItemId: ID, downlinkId: 3 }, 'txack')).toEqual([
      { commandId: ID, state: 'sent' },
    ]);
    expect(readChirpStackNews({ queueItemId: ID, acknowledged: true }, 'ack')).toEqual([
      { commandId: ID, state: 'acknowledged' },
    ]);
    for (const document of [{ queueItemId: ID, acknowledged: false }, { queueItemId: ID }]) {
      expect(readChirpStackNews(document, 'ack')).toMatchObject([{ state: 'failed' }]);
    }
  });

  test('a log says that a queue item was thrown away, and why', () => {
    const context = { queue_item_id: ID };
    const description = 'exceeds the max. payload size';
    const log = { level: 'ERROR', code: 'DOWNLINK_PAYLOAD_SIZE', description, context };
    expect(readChirpStackNews(log, 'log')).toEqual([
      { commandId: ID, state: 'failed', detail: description },
    ]);
    expect(readChirpStackNews({ ...log, code: 'DOWNLINK_GATEWAY' }, 'log')).toEqual([]);
  });

  test('are told apart by what is in them where the topic says nothing', () => {
    expect(readChirpStackNews({ queueItemId: ID, downlinkId: 3 })).toMatchObject([
      { state: 'sent' },
    ]);
    expect(readChirpStackNews({ queueItemId: ID, acknowledged: true })).toMatchObject([
      { state: 'acknowledged' },
    ]);
  });

  test.each([{}, null, { queueItemId: 'x' }, { queueItemId: 7 }, []])(
    'say nothing of our commands: %j',
    (document) => {
      for (const event of ['ack', 'txack', 'log', 'up']) {
        expect(readChirpStackNews(document, event)).toEqual([]);
      }
    },
  );
});

interface RecordedEvent {
  readonly id: string;
  readonly mqttTopic: string | null;
  readonly document: unknown;
}

const recorded = readTestData('uplinks.json');

describe.skipIf(recorded === undefined)(
  'recorded events, with our id in place of theirs (skipped without uplinks.json, see TUNNA_TEST_DATA)',
  () => {
    // Safe: the file is a list of such rows; its README says so.
    const rows = (recorded ?? []) as readonly RecordedEvent[];

    function withOurs(id: string, theirs: RegExp): unknown {
      const row = rows.find((one) => one.id === id);
      const text = JSON.stringify(row?.document);
      const ours = text.replaceAll(theirs, theirs.source.startsWith('as:') ? `tunna:${ID}` : ID);
      expect(ours).not.toBe(text);
      return JSON.parse(ours);
    }

    test.each([
      ['u048', 'acknowledged'],
      ['u049', 'failed'],
    ])('%s of The Things Stack says %s', (id, state) => {
      const news = readTtnNews(withOurs(id, /as:downlink:[0-9A-Z]+/g));
      expect(news).toMatchObject([{ commandId: ID, state }]);
    });

    test.each([
      ['u060', 'ack', 'acknowledged'],
      ['u061', 'txack', 'sent'],
    ])('%s of ChirpStack (%s) says %s', (id, event, state) => {
      const theirs = /(?<="queueItemId":")[0-9a-f-]+/g;
      const document = withOurs(id, theirs);
      expect(readChirpStackNews(document, event)).toEqual([{ commandId: ID, state }]);
      expect(readChirpStackNews(document)).toEqual([{ commandId: ID, state }]);
    });
  },
);
