import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { storeArrivals } from '../../ingest/store-arrivals.ts';
import { chirpStackUp } from '../../ingest/testing/network-documents.ts';
import { arrival } from '../../ingest/testing/sample-town.ts';
import { CHIRPSTACK_EUI } from '../../ingest/testing/town-story.ts';
import { closeStore, openStore } from '../../store/database.ts';
import { TunnaShell } from '../testing/run-tunna.ts';

// Every command is a process of its own, and other tests run beside these.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const NOW = Date.now();

let shell: TunnaShell;
beforeEach(async () => {
  shell = new TunnaShell();
  await succeed('migrate');
  const model = ['--model', 'milesight/em400-mud'];
  await succeed('device', 'add', CHIRPSTACK_EUI, '--behind-gateway', ...model);
  await succeed('device', 'add', 'lorawan', '--kind', 'gateway', '--prefix', 'application/#');
});
afterEach(() => shell[Symbol.dispose]());

async function succeed(...args: string[]): Promise<string> {
  const outcome = await shell.run(args);
  expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  return outcome.stdout;
}

async function fail(exitCode: number, ...args: string[]): Promise<string> {
  const outcome = await shell.run(args);
  expect(outcome).toMatchObject({ exitCode, stdout: '' });
  return outcome.stderr;
}

/** The device is heard, as ingest would store it. */
async function hear(): Promise<void> {
  const store = openStore(path.join(shell.folder, 'data/tunna.sqlite'));
  const message = chirpStackUp({ counter: 1, distanceMm: 700, heardAtMs: NOW });
  const heard = arrival({ ...message, receivedAtMs: NOW, principal: 'lorawan' });
  await store.db.transaction().execute((trx) => storeArrivals(trx, store, [heard]));
  await closeStore(store);
}

async function list(...args: string[]): Promise<Record<string, unknown>[]> {
  // Safe: the command prints a list of objects.
  return JSON.parse(await succeed('command', 'list', '--json', ...args)) as Record<
    string,
    unknown
  >[];
}

describe('tunna command', () => {
  test('queues a command, shows it and takes it back', async () => {
    await hear();
    const printed = await succeed('command', 'send', CHIRPSTACK_EUI, 'set-interval', '1200');
    const [id = ''] = printed.split(' ');
    expect(printed).toContain(`waits for ${CHIRPSTACK_EUI}`);
    expect(await list('--device', CHIRPSTACK_EUI, '--state', 'queued')).toMatchObject([
      {
        ...{ id, state: 'queued', fPort: 85, bytesHex: 'ff03b004', to: 'lorawan' },
        command: { kind: 'set-report-interval', seconds: 1_200 },
      },
    ]);
    expect(await list('--state', 'sent')).toEqual([]);
    expect(await succeed('command', 'list')).toMatch(new RegExp(`^${id} .* queued `, 'm'));
    expect(await succeed('command', 'show', id)).toMatch(/^bytesHex +ff03b004$/m);
    expect(await succeed('command', 'cancel', id)).toBe(`${id} will not be sent\n`);
    expect(await fail(1, 'command', 'cancel', id)).toContain('is failed already');
    const shown: unknown = JSON.parse(await succeed('command', 'show', id, '--json'));
    expect(shown).toMatchObject({ state: 'failed', detail: 'cancelled' });
  });

  test('only prints what it would send when told so', async () => {
    await hear();
    const raw = ['command', 'send', CHIRPSTACK_EUI, 'raw', 'FF10ff', '--fport', '85', '--dry-run'];
    expect(await succeed(...raw)).toMatch(/^bytesHex +ff10ff$/m);
    const expiring = [...raw, '--expires', '90m', '--json'];
    const planned = JSON.parse(await succeed(...expiring)) as { expiresAt: string };
    const leftMs = Date.parse(planned.expiresAt) - Date.now();
    expect(leftMs).toBeGreaterThan(60 * 60_000);
    expect(leftMs).toBeLessThanOrEqual(90 * 60_000);
    expect(await list()).toEqual([]);
  });

  test('says in one line what cannot be', async () => {
    const send = ['command', 'send', CHIRPSTACK_EUI];
    expect(await fail(1, ...send, 'set-interval', '1200')).toContain('was never heard');
    await hear();
    for (const [exitCode, args, text] of [
      [1, [...send, 'set-interval', '10'], 'must be from 60 to 64800, not 10'],
      [1, ['command', 'send', 'stranger', 'set-interval', '900'], 'no device stranger'],
      [2, [...send, 'set-interval', 'often'], 'takes a whole number (seconds between reports)'],
      [2, [...send, 'set-interval', '900', '--expires', 'soon'], 'a time such as 90m'],
      [1, ['command', 'show', 'nothing'], 'There is no command nothing'],
      [2, ['command', 'list', '--state', 'lost'], 'States are queued, sent'],
    ] as const) {
      const stderr = await fail(exitCode, ...args);
      expect(stderr).toMatch(/^tunna: .*\n$/);
      expect(stderr).toContain(text);
    }
    expect(await list()).toEqual([]);
  });
});
