import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { closeStore, openStore } from '../../store/database.ts';
import { saveQuarantined } from '../../store/quarantine.ts';
import { TunnaShell } from '../testing/run-tunna.ts';

// Every command is a process of its own, and other tests run beside these.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let shell: TunnaShell;
beforeEach(async () => {
  shell = new TunnaShell();
  await succeed('migrate');
  await setAside('stranger', JSON.stringify({ fillPercent: 40 }));
});
afterEach(() => shell[Symbol.dispose]());

async function succeed(...args: string[]): Promise<string> {
  const outcome = await shell.run(args);
  expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  return outcome.stdout;
}

/** A message of a device that nobody has registered, as ingest sets it aside. */
async function setAside(deviceId: string, payload: string): Promise<void> {
  const store = openStore(path.join(shell.folder, 'data/tunna.sqlite'));
  const message = {
    ...{ door: 'mqtt', journalSeq: 1, receivedAtMs: Date.UTC(2026, 10, 24), principal: 'gw' },
    ...{ backfill: false, qos: 1, messageId: 1, dup: false, topic: `bins/${deviceId}/up` },
    payload: Buffer.from(payload),
  };
  const aside = { reason: 'unknown-device', detail: 'who is it?', deviceId, message };
  await store.db.transaction().execute((trx) => saveQuarantined(trx, [aside]));
  await closeStore(store);
}

async function addBin(): Promise<void> {
  const place = ['--stream', 'food', '--lat', '59', '--lng', '17'];
  await succeed('bin', 'add', 'bin-1', '--name', 'Ett', ...place);
}

describe('the quarantine', () => {
  test('shows what is in it, and each message as it came', async () => {
    expect(await succeed('quarantine', 'list')).toMatch(/^1 +unknown-device +stranger +1 /m);
    expect(await succeed('quarantine', 'list', '--reason', 'clock')).not.toContain('stranger');
    const shown: unknown = JSON.parse(await succeed('quarantine', 'show', '1', '--json'));
    expect(shown).toMatchObject({ id: 1, payloadText: '{"fillPercent":40}', door: 'mqtt' });
    expect(await shell.run(['quarantine', 'show', '2'])).toMatchObject({ exitCode: 1 });
  });

  test('groups what is in it by reason, device and maker', async () => {
    await setAside('other', JSON.stringify({ fillPercent: 50 }));
    const modelled = ['device', 'add', 'other', '--model', 'milesight/em400-mud'];
    await succeed(...modelled);
    expect(await succeed('quarantine', 'groups')).toMatch(
      /^REASON +MESSAGES .*\nunknown-device +2 +2 +2 .*who is it\?/,
    );
    const byDevice: unknown = JSON.parse(
      await succeed('quarantine', 'groups', '--by', 'device', '--json'),
    );
    expect(byDevice).toMatchObject([
      { key: 'other', messages: 1, lastReceivedAt: '2026-11-24T00:00:00.000Z' },
      { key: 'stranger', messages: 1 },
    ]);
    expect(await succeed('quarantine', 'groups', '--by', 'maker')).toMatch(
      /^milesight +1 .*\n- +1 /m,
    );
    expect(await succeed('quarantine', 'list', '--maker', 'milesight')).not.toContain('stranger');
    expect(await succeed('quarantine', 'replay', '--maker', 'nobody')).toMatch(/^0 messages/);
    expect(await succeed('quarantine', 'replay', '--maker', 'milesight')).toBe(
      '1 messages were stored, 0 still refused\n',
    );
    expect(await shell.run(['quarantine', 'groups', '--by', 'colour'])).toMatchObject({
      exitCode: 2,
    });
  });

  test('gives back the messages of a device that is adopted', async () => {
    await addBin();
    expect(await succeed('quarantine', 'adopt', 'stranger', '--bin', 'bin-1')).toBe(
      'stranger is in bin-1; 1 messages were stored, 0 still refused\n',
    );
    expect(await succeed('quarantine', 'list')).not.toContain('stranger');
    expect(await succeed('device', 'list')).toMatch(/stranger +device +none +- +bin-1/);
  });

  test('registers nothing when the bin of an adoption is not there', async () => {
    const { exitCode, stderr } = await shell.run([
      'quarantine',
      'adopt',
      'stranger',
      '--bin',
      'no',
    ]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'tunna: there is no bin no; add it first\n',
    });
    expect(JSON.parse(await succeed('device', 'list', '--json'))).toEqual([]);
  });

  test('is replayed when the cause is gone', async () => {
    expect(await succeed('quarantine', 'replay', '--all')).toBe(
      '0 messages were stored, 1 still refused\n',
    );
    await succeed('device', 'add', 'stranger');
    expect(await succeed('quarantine', 'replay', '1')).toBe(
      '1 messages were stored, 0 still refused\n',
    );
  });

  test('replays what was named, or says what is wrong with the names', async () => {
    for (const [args, exitCode, message] of [
      [['replay'], 2, 'name the messages, or say --reason, --device, --maker or --all'],
      [['replay', '1', '--all'], 2, 'name the messages'],
      [['replay', '1', 'x'], 2, 'a whole number from 1'],
      [['replay', '1', '77'], 1, 'There is no message 77 in quarantine'],
    ] as const) {
      const outcome = await shell.run(['quarantine', ...args]);
      expect(outcome).toMatchObject({ exitCode, stdout: '' });
      expect(outcome.stderr).toMatch(/^tunna: .*\n$/);
      expect(outcome.stderr).toContain(message);
    }
  });

  test('takes in nobody of whom it has not heard', async () => {
    await addBin();
    const mistyped = await shell.run(['quarantine', 'adopt', 'strenger', '--bin', 'bin-1']);
    expect(mistyped).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('nothing from strenger is in quarantine'),
    });
    expect(JSON.parse(await succeed('device', 'list', '--json'))).toEqual([]);
  });
});
