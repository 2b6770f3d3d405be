import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HistoryFiles, readAll } from '../testing/history-files.ts';
import { createMessagesFormat } from './messages.ts';

const FORMAT = createMessagesFormat({});
const AT = '2025-03-01T10:00:00Z';
const AT_MS = Date.UTC(2025, 2, 1, 10);

let files: HistoryFiles;
beforeEach(() => {
  files = new HistoryFiles();
});
afterEach(() => files[Symbol.dispose]());

function readLines(...lines: readonly (string | object)[]) {
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  return readAll(FORMAT, files.write('m.ndjson', texts));
}

describe('recorded messages', () => {
  test('are what a door took in: a text, JSON or bytes', async () => {
    const topic = 'bins/dev-1/up';
    const records = await readLines(
      { receivedAt: AT, topic, payload: '{"fillPercent": 40}' },
      { receivedAt: AT_MS, topic, payload: { fillPercent: 41 } },
      { receivedAt: AT, topic, payloadBase64: 'AP8=' },
    );
    expect(records.map(({ payload }) => Buffer.from(payload).toString('latin1'))).toEqual([
      '{"fillPercent": 40}',
      '{"fillPercent":41}',
      '\u0000ÿ',
    ]);
    expect(records).toMatchObject([
      {
        line: 1,
        topic,
        recorded: { receivedAtMs: AT_MS, door: 'import', seq: 0, principal: null },
      },
      { line: 2, recorded: { receivedAtMs: AT_MS } },
      { line: 3 },
    ]);
  });

  test('keep the door, number and sender that the recording names', async () => {
    const arrival = { door: 'mqtt', seq: 7, principal: 'gw', qos: 1, messageId: 9, dup: true };
    const [record] = await readLines({ receivedAt: AT, topic: 't', payload: '', ...arrival });
    expect(record?.recorded).toEqual({ receivedAtMs: AT_MS, ...arrival });
  });

  test('may be one list', async () => {
    const list = [{ receivedAt: AT, topic: 'a', payload: 1 }, 5];
    const records = await readAll(FORMAT, files.write('m.json', JSON.stringify(list)));
    expect(records.map(({ topic, problem }) => [topic, problem?.slice(0, 8)])).toEqual([
      ['a', undefined],
      ['import/messages', 'entry 2:'],
    ]);
  });

  test('may be uplinks of the DTU pilot', async () => {
    const data = [{ node_eui: '0a0b0c0d', data: '{5}', time: '2016-05-31T07:52:48Z' }];
    const records = await readAll(FORMAT, files.write('m.json', JSON.stringify({ data })));
    expect(records).toMatchObject([{ topic: 'import/dtu-uplink/0a0b0c0d' }]);
  });

  test('that cannot be read are named with their line, and kept', async () => {
    const records = await readLines(
      '{"topic": "a"',
      { receivedAt: AT, topic: 'a' },
      { receivedAt: AT, topic: 'a', payload: '', payloadBase64: '' },
      { receivedAt: AT, topic: 'a', payloadBase64: '*' },
      { receivedAt: 'x', topic: 'a', payload: '' },
      { topic: 'a', payload: '' },
      { receivedAt: AT, payload: '' },
    );
    expect(records.map(({ problem }) => problem)).toEqual([
      'line 1: is not JSON',
      'line 2: needs either payload, or payloadBase64 in base64',
      'line 3: needs either payload, or payloadBase64 in base64',
      'line 4: needs either payload, or payloadBase64 in base64',
      'line 5: receivedAt "x" is no time',
      'line 6: receivedAt is missing',
      expect.stringMatching(/^line 7: topic: /),
    ]);
    expect(records.every(({ topic }) => topic === 'import/messages')).toBe(true);
  });

  test('without a time get the one that the operator names', async () => {
    const format = createMessagesFormat({ receivedAtMs: 5 });
    const file = files.write('m.ndjson', [JSON.stringify({ topic: 'a', payload: '' })]);
    expect(await readAll(format, file)).toMatchObject([{ recorded: { receivedAtMs: 5 } }]);
  });

  test('are not looked for in other documents', async () => {
    await expect(readAll(FORMAT, files.write('m.json', '{"a": 1}'))).rejects.toThrow('neither');
  });
});
