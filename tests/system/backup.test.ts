import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addMountedDevice } from '../../ingest/testing/sample-town.ts';
import { closeStore, openStore } from '../../store/database.ts';
import { startPostgres } from '../servers/postgres.ts';
import { requireProgram } from '../servers/programs.ts';
import { countOf, drain } from './conservation.ts';
import { countStored, Publisher } from './publisher.ts';
import { MAIN, startTunna } from './running-tunna.ts';
import type { RunningTunna } from './running-tunna.ts';
import { addPrincipal, addTown } from './town-of-devices.ts';

const PUBLISHERS = 8;
const TOWN_SIZE = 20;
const DEVICES = Array.from({ length: TOWN_SIZE }, (_, index) => `dev-${index}`);
const ACKED_BEFORE = 500;

/** `tunna` with the settings of a running one; says how it ended and what it printed. */
async function tunnaCommand(
  env: NodeJS.ProcessEnv,
  ...args: string[]
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN, ...args], {
      env,
    });
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    // Safe: execFile rejects with these when the program ends with another code than 0.
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, stdout, stderr };
  }
}

function acknowledgedBy(publishers: readonly Publisher[]): string[] {
  return publishers.flatMap(({ acknowledged }) => [...acknowledged]);
}

async function waitForMore(publishers: readonly Publisher[], count: number): Promise<void> {
  const before = acknowledgedBy(publishers).length;
  await vi.waitFor(
    () => expect(acknowledgedBy(publishers).length).toBeGreaterThan(before + count),
    { timeout: 40_000 },
  );
}

describe('a backup under load', () => {
  let source: RunningTunna;
  let folder: string;
  let owed: readonly string[];
  let credentials: Awaited<ReturnType<typeof addTown>>;

  beforeAll(async () => {
    source = await startTunna();
    credentials = await addTown(source, TOWN_SIZE);
    const publishers = Array.from(
      { length: PUBLISHERS },
      (_, index) =>
        new Publisher(source, credentials, { name: `publisher-${index}`, devices: DEVICES }),
    );
    await waitForMore(publishers, ACKED_BEFORE);
    owed = acknowledgedBy(publishers);
    folder = path.join(source.folder, 'saved');
    const saved = await tunnaCommand(source.env, 'backup', folder);
    expect(saved).toMatchObject({ exitCode: 0, stderr: '' });
    await waitForMore(publishers, 100);
    await Promise.all(publishers.map((publisher) => publisher.stop()));
  });
  afterAll(() => source[Symbol.asyncDispose]());

  test('is sound', async () => {
    const { exitCode, stdout } = await tunnaCommand(source.env, 'verify', folder);
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/is sound/),
    });
  });

  test('brings back all that was acknowledged before it, once, and no gaps in the rest', async () => {
    await using restored = await startTunna();
    await restored.shutDown();
    const outcome = await tunnaCommand(restored.env, 'restore', folder);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    // What was there before is not lost.
    expect(outcome.stdout).toMatch(/What was there before is in .*before-restore-/);
    await restored.start();
    await drain(restored);
    const stored = await countStored(restored);
    expect(owed.filter((boot) => !stored.has(boot))).toEqual([]);
    expect([...stored].filter(([, count]) => count > 1)).toEqual([]);
    for (let index = 0; index < PUBLISHERS; index += 1) {
      const numbers = [...stored.keys()]
        .filter((boot) => boot.startsWith(`publisher-${index}-`))
        .map((boot) => Number(boot.split('-').at(-1)))
        .sort((a, b) => a - b);
      expect(numbers).toEqual(numbers.map((_, place) => place));
    }
    await expectGoesOn(restored);
  }, 120_000);

  /** Numbers must not begin again, or ingest would pass over what comes now. */
  async function expectGoesOn(restored: RunningTunna): Promise<void> {
    const publisher = new Publisher(restored, credentials, { name: 'later', devices: DEVICES });
    await waitForMore([publisher], 20);
    await publisher.stop();
    const { journaled, tally } = await drain(restored);
    const stored = await countStored(restored);
    expect([...publisher.acknowledged].filter((boot) => stored.get(boot) !== 1)).toEqual([]);
    expect(countOf(tally)).toBe(journaled);
  }

  test('is refused once anything in it has changed', async () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.sqlite'),
    );
    expect(files.length).toBeGreaterThanOrEqual(2);
    for (const file of files) {
      const damaged = path.join(source.folder, `damaged-${path.basename(file)}`);
      cpSync(folder, damaged, { recursive: true });
      const bytes = readFileSync(path.join(damaged, file));
      const middle = Math.floor(bytes.length / 2);
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      writeFileSync(path.join(damaged, file), bytes);
      for (const command of ['verify', 'restore']) {
        const outcome = await tunnaCommand(
          { ...source.env, TUNNA_DATA_DIR: `${damaged}-data` },
          command,
          damaged,
        );
        expect(outcome).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(file) });
      }
      expect(existsSync(`${damaged}-data/tunna.sqlite`)).toBe(false);
      truncateSync(path.join(damaged, file), middle);
      expect(await tunnaCommand(source.env, 'verify', damaged)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(`has ${middle} bytes instead of`),
      });
    }
  });

  test('is not put in place under a running Tunna, nor over another backup', async () => {
    expect(await tunnaCommand(source.env, 'restore', folder)).toMatchObject({
      exitCode: 69,
      stderr: expect.stringContaining('another "tunna start"'),
    });
    expect(await tunnaCommand(source.env, 'backup', folder)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is there already'),
    });
    const [left] = readdirSync(source.folder).filter((name) => name.endsWith('.unfinished'));
    expect(left).toBeUndefined();
  });
});

describe('an interrupted backup', () => {
  test('is not taken for one', async () => {
    await using tunna = await startTunna();
    const folder = path.join(tunna.folder, 'half');
    cpSync(path.join(tunna.dataFolder, 'journals'), path.join(folder, 'journals'), {
      recursive: true,
    });
    expect(await tunnaCommand(tunna.env, 'verify', folder)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('interrupted'),
    });
  });
});

describe('a backup of PostgreSQL', () => {
  test('is brought back into an empty database only', async () => {
    await using postgres = await startPostgres();
    const url = await postgres.createDatabase();
    await using tunna = await startTunna({ TUNNA_DATABASE_URL: url });
    const store = openStore(url);
    await addMountedDevice(store, { bin: 'bin-0', id: 'dev-0', model: null }, Date.now());
    const credentials = await addPrincipal(store, {
      id: 'gw',
      kind: 'gateway',
      prefixes: ['bins/#'],
    });
    await closeStore(store);
    const publisher = new Publisher(tunna, credentials, { name: 'town', devices: ['dev-0'] });
    await waitForMore([publisher], 50);
    const owed = acknowledgedBy([publisher]);
    const folder = path.join(tunna.folder, 'saved');
    // As on a server of Debian's, where the tools lie beside the database's own programs.
    const tools = path.dirname(requireProgram('pg_dump').path);
    const env = { ...tunna.env, PATH: `${tools}${path.delimiter}${tunna.env['PATH']}` };
    expect(await tunnaCommand(env, 'backup', folder)).toMatchObject({ exitCode: 0, stderr: '' });
    await publisher.stop();
    await tunna.shutDown();
    expect(await tunnaCommand(env, 'restore', folder)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('is not empty'),
    });
    const fresh = await postgres.createDatabase();
    const elsewhere = {
      TUNNA_DATABASE_URL: fresh,
      TUNNA_DATA_DIR: path.join(tunna.folder, 'data2'),
    };
    const outcome = await tunnaCommand({ ...env, ...elsewhere }, 'restore', folder);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    await using restored = await startTunna(elsewhere);
    const brought = openStore(fresh);
    await vi.waitFor(async () => {
      const rows = await brought.db.selectFrom('uplinks').select('payload').execute();
      const boots = rows.map(({ payload }) => /"boot":"([^"]+)"/.exec(payload.toString())?.[1]);
      expect(owed.filter((boot) => !boots.includes(boot))).toEqual([]);
      expect(new Set(boots).size).toBe(boots.length);
    }, 30_000);
    await closeStore(brought);
    expect(await restored.getJson('/bins')).toMatchObject({ bins: [{ id: 'bin-0' }] });
  }, 120_000);
});
