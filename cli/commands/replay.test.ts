import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TunnaShell } from '../testing/run-tunna.ts';

// Every command is a process of its own, and other tests run beside these.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const EUI = '24e124713c140042';
const AT = '2025-03-01T10:00:00Z';

let shell: TunnaShell;
beforeEach(async () => {
  shell = new TunnaShell();
  await succeed('migrate');
  mkdirSync(path.join(shell.folder, 'old'));
});
afterEach(() => shell[Symbol.dispose]());

async function succeed(...args: string[]): Promise<string> {
  const outcome = await shell.run(args);
  expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  return outcome.stdout;
}

function write(name: string, text: string): void {
  writeFileSync(path.join(shell.folder, 'old', name), text);
}

describe('tunna replay', () => {
  test('puts the recordings of a folder through ingest, once', async () => {
    const place = ['--stream', 'food', '--lat', '59', '--lng', '17'];
    await succeed('bin', 'add', 'bin-1', '--name', 'Ett', ...place);
    await succeed('device', 'add', 'dev-1', '--bin', 'bin-1');
    const own = { receivedAt: AT, topic: 'bins/dev-1/up', payload: { fillPercent: 40 } };
    // Milesight: battery 100 %, 1000 mm.
    const uplink = { f_cnt: 1, f_port: 85, frm_payload: 'AXVkA4LoAw==', received_at: AT };
    const document = { end_device_ids: { device_id: 'a', dev_eui: EUI }, uplink_message: uplink };
    const other = { receivedAt: AT, topic: 'v3/app@ttn/devices/a/up', payload: document };
    write('a.ndjson', [own, other].map((message) => JSON.stringify(message)).join('\n'));
    write('b.json', JSON.stringify([{ ...own, receivedAt: '2025-03-01T11:00:00Z' }, own]));
    write('notes.txt', 'not a recording');
    const report = JSON.parse(await succeed('replay', 'old', '--json'));
    expect(report.files).toMatchObject([
      { file: 'old/a.ndjson', records: 2, stored: 1, quarantined: { 'unknown-device': 1 } },
      { file: 'old/b.json', records: 2, stored: 1, duplicate: 1 },
    ]);
    expect(await succeed('quarantine', 'list')).toMatch(new RegExp(`unknown-device +${EUI}`));
    expect(await succeed('replay', 'old')).toContain('2 were taken by an earlier run');
  });

  test('names what is no recording', async () => {
    write('a.ndjson', '{"topic": 1}\n');
    expect(await succeed('replay', 'old/a.ndjson')).toMatch(
      /1 record could not be read:\n +line 1: topic: /,
    );
    write('b.json', '{}');
    for (const [place, message] of [
      ['old/b.json', 'old/b.json: it is neither a list of messages nor'],
      ['none', 'none cannot be read'],
      ['data', 'there is no .ndjson, .jsonl, .json file in data'],
    ] as const) {
      const outcome = await shell.run(['replay', place]);
      expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
      expect(outcome.stderr).toContain(`tunna: ${message}`);
    }
  });

  test('takes the time that it is told for messages without one', async () => {
    const message = JSON.stringify({ topic: 'bins/dev-1/up', payload: { fillPercent: 40 } });
    write('a.ndjson', message);
    expect(await succeed('replay', 'old')).toContain('receivedAt is missing');
    const told = JSON.parse(await succeed('replay', 'old', '--received-at', AT, '--json'));
    expect(told.files).toMatchObject([{ quarantined: { 'unknown-device': 1 } }]);
  });
});
