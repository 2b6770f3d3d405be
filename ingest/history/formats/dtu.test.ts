import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMessage } from '../../read-message.ts';
import { documentOf, HistoryFiles, readAll } from '../testing/history-files.ts';
import { DTU_FORMAT } from './dtu.ts';

let files: HistoryFiles;
beforeEach(() => {
  files = new HistoryFiles();
});
afterEach(() => files[Symbol.dispose]());

/** A frame as these devices send it: unconfirmed, port 1, as many bytes as the text has. */
function frameOf(address: string, text: string): string {
  const head = Buffer.from([0x40, 0, 0, 0, 0, 0, 0, 0, 1]);
  head.writeUInt32LE(Number.parseInt(address, 16), 1);
  return Buffer.concat([head, Buffer.from(text), Buffer.alloc(4, 0xee)]).toString('base64');
}

function reception(time: string, data = '{52}', changes: Record<string, unknown> = {}) {
  const node_eui = '0a0b0c0d';
  const data_raw = frameOf(node_eui, data);
  const rest = { gateway_eui: 'FFFE0000000000A1', rssi: -112, snr: 8 };
  return { node_eui, data, data_raw, time, ...rest, ...changes };
}

function writeFile(receptions: readonly unknown[]): string {
  return files.write('d.json', JSON.stringify({ _id: 'raw_data', data: receptions }));
}

async function readUplinks(receptions: readonly unknown[]) {
  const records = await readAll(DTU_FORMAT, writeFile(receptions));
  return records.map((record) => readMessage({ ...record, door: 'import' }));
}

describe('uplinks of the DTU pilot', () => {
  test('are distances in centimetres at the time of their frame', async () => {
    const [result] = await readUplinks([reception('2016-05-31T07:52:48.352Z')]);
    expect(result).toMatchObject({
      ok: true,
      uplink: {
        envelope: 'dtu-uplink',
        deviceId: '0a0b0c0d',
        observedAtMs: Date.UTC(2016, 4, 31, 7, 52, 48, 352),
        fPort: 1,
        measurements: [{ distanceMm: 520 }],
      },
    });
  });

  test('are one uplink where several gateways heard one frame, whatever their order', async () => {
    const first = reception('2016-05-31T07:52:48.321528Z', '{52}', { data_raw: undefined });
    const second = reception('2016-05-31T07:52:48.352Z', '{52}', {
      gateway_eui: 'FFFE0000000000A2',
    });
    const next = reception('2016-05-31T07:52:57.9Z');
    for (const order of [
      [next, second, first],
      [first, second, next],
    ]) {
      const identities = (await readUplinks(order)).map(
        (result) => result.ok && result.uplink.identity,
      );
      expect(new Set(identities).size).toBe(2);
      expect(identities[order.indexOf(first)]).toBe(identities[order.indexOf(second)]);
    }
  });

  test('stay apart where different devices or values come at once', async () => {
    const time = '2016-05-31T07:52:48Z';
    const other = { node_eui: '0a0b0c0e', data_raw: frameOf('0a0b0c0e', '{52}') };
    const records = await readAll(
      DTU_FORMAT,
      writeFile([reception(time), reception(time, '{53}'), reception(time, '{52}', other)]),
    );
    expect(new Set(records.map(({ payload }) => String(payload))).size).toBe(3);
  });

  test.each([
    [{ data: 'abc' }, 'undecodable'],
    [{ data_raw: 'no base64' }, 'wrong-type'],
    [{ data_raw: frameOf('0a0b0c0d', '{5}') }, 'undecodable'],
    [{ data_raw: frameOf('11111111', '{52}') }, 'device-mismatch'],
    [{ data_raw: '' }, 'undecodable'],
    [{ time: 'yesterday' }, 'clock'],
    [{ node_eui: 'a b' }, 'bad-id'],
    [{ data: 52 }, 'wrong-type'],
  ])('with %j are refused', async (changes, reason) => {
    const results = await readUplinks([reception('2016-05-31T07:52:48Z', '{52}', changes)]);
    expect(results).toMatchObject([{ ok: false, reason }]);
  });

  test('are kept with the reason where an entry is none', async () => {
    const records = await readAll(DTU_FORMAT, writeFile([null, { time: 'x' }]));
    expect(records.map(({ problem }) => problem)).toEqual([
      'entry 1: data, node_eui or time is missing or no text',
      'entry 2: data, node_eui or time is missing or no text',
    ]);
    expect(records.map(documentOf)).toMatchObject([{ row: 'null' }, { row: '{"time":"x"}' }]);
  });

  test('are not looked for in other files', async () => {
    await expect(readAll(DTU_FORMAT, files.write('a.json', '[]'))).rejects.toThrow(
      '"data" is missing',
    );
    await expect(readAll(DTU_FORMAT, files.write('b.json', '{'))).rejects.toThrow(
      'not a JSON document',
    );
  });
});
