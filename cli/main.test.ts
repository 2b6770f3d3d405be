import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readVersion } from './read-version.ts';
import { MAIN, TunnaShell } from './testing/run-tunna.ts';

// Every command is a process of its own, and other tests run beside these.
vi.setConfig({ testTimeout: 120_000 });

let shell: TunnaShell;
beforeEach(() => {
  shell = new TunnaShell();
});
afterEach(() => shell[Symbol.dispose]());

/** Runs a command that must go well and returns what it printed. */
async function succeed(...args: string[]): Promise<string> {
  const outcome = await shell.run(args);
  expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  return outcome.stdout;
}

function tokenIn(printed: string): string {
  const token = /^token: +([\w-]{43})$/m.exec(printed)?.[1];
  if (token === undefined) throw new Error(`There is no token in: ${printed}`);
  return token;
}

describe('arguments', () => {
  test('the version and the help are no failures', async () => {
    expect(await succeed('--version')).toBe(`${readVersion()}\n`);
    expect(await succeed('--help')).toContain('quarantine');
  });

  test.each([
    [['strat'], "unknown command 'strat' (Did you mean start?)"],
    [['device', 'add', 'a b'], "A device's id is"],
    [['device', 'add', 'x', '--kind', 'robot'], 'Allowed choices are device, gateway, reader'],
    [['device', 'add', 'x', '--kind', 'gateway', '--prefix', '#'], 'A prefix begins with a name'],
    [['device', 'add', 'x', '--kind', 'gateway', '--prefix', 'state/#'], 'Only Tunna itself'],
    [['bin', 'add', 'b', '--lat', '91'], 'a number from -90 to 90'],
    [['quarantine', 'list', '--reason', 'whim'], 'Reasons are unknown-device'],
    [['simulate', '--bins', '5'], '--bins is for a load, which needs --rate'],
  ])('%j is a usage error, told in one line', async (args, message) => {
    const { exitCode, stdout, stderr } = await shell.run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^tunna: .*\n$/);
    expect(stderr).toContain(message);
  });
});

describe('output', () => {
  test('that cannot be written is told in one line; one that nobody reads on is no failure', async () => {
    await succeed('migrate');
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'device', 'list'], {
      cwd: shell.folder,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^tunna: the output cannot be written: ENOSPC.*\n$/);
    const started = shell.start(['device', 'list']);
    started.child.stdout.destroy();
    await once(started.child, 'exit');
    expect([started.child.exitCode, started.stderr()]).toEqual([0, '']);
  });
});

describe('settings', () => {
  test('all mistakes are told before anything starts', async () => {
    writeFileSync(path.join(shell.folder, '.env'), 'TUNNA_STORE=redis\n');
    const { exitCode, stderr } = await shell.run(['broker'], { TUNNA_MQTT_PORT: 'many' });
    expect(exitCode).toBe(78);
    expect(stderr).toContain('the settings have 2 mistakes');
    expect(stderr).toContain('TUNNA_STORE must be one of sqlite, influx1, influx2, got "redis"');
    expect(stderr).not.toContain('    at ');
  });

  test('production starts neither the demo nor the simulator', async () => {
    const demo = { NODE_ENV: 'production', TUNNA_DEMO: '1' };
    expect(await shell.run(['start'], demo)).toMatchObject({
      exitCode: 78,
      stderr: 'tunna: TUNNA_DEMO must be 0 in production\n',
    });
    for (const args of [['simulate'], ['simulate', '--rate', '10']]) {
      expect(await shell.run(args, { NODE_ENV: 'production' })).toMatchObject({
        exitCode: 78,
        stderr: 'tunna: the simulator cannot be started while NODE_ENV is production\n',
      });
    }
  });
});

describe('an external broker', () => {
  test('is not what the simulator speaks to', async () => {
    const file = path.join(shell.folder, 'sources.json');
    const mqtt = { url: 'mqtt://127.0.0.1:1', topics: ['bins/+/up'] };
    writeFileSync(file, JSON.stringify([{ name: 'city', mqtt }]));
    const env = { TUNNA_BROKER: 'external', TUNNA_SOURCES: file };
    const why = 'TUNNA_BROKER is external: it speaks to our own broker only';
    for (const args of [['simulate'], ['simulate', '--rate', '10']]) {
      expect(await shell.run(args, env)).toMatchObject({
        exitCode: 78,
        stderr: `tunna: the simulator cannot be started while ${why}\n`,
      });
    }
  });
});

describe('the database', () => {
  test('is made once; migrating again changes nothing', async () => {
    expect(await succeed('migrate')).toContain('got 0001-town');
    expect(await succeed('migrate')).toContain('is up to date');
  });

  test('of a newer version is refused, whatever is to be done with it', async () => {
    await succeed('migrate');
    const sqlite = new Sqlite(path.join(shell.folder, 'data/tunna.sqlite'));
    sqlite.exec("insert into kysely_migration (name, timestamp) values ('9999-future', '')");
    sqlite.close();
    for (const args of [['migrate'], ['start'], ['broker'], ['device', 'list']]) {
      const { exitCode, stderr } = await shell.run(args, { TUNNA_DEMO: '0' });
      expect(exitCode).toBe(78);
      expect(stderr).toContain('was migrated by a newer Tunna (step 9999-future)');
    }
  });

  test.each([
    ['something else', 'file is not a database'],
    ['', undefined],
  ])('in a file with %j in it is refused, or made', async (content, refusal) => {
    mkdirSync(path.join(shell.folder, 'data'));
    writeFileSync(path.join(shell.folder, 'data/tunna.sqlite'), content.repeat(1000));
    const { exitCode, stderr } = await shell.run(['migrate']);
    expect(exitCode).toBe(refusal === undefined ? 0 : 1);
    expect(stderr).toMatch(refusal === undefined ? /^$/ : new RegExp(`^tunna: .*${refusal}\n$`));
  });

  test('that does not answer is named, without its password', async () => {
    // Port 1 is reserved and never listened on.
    const settings = { TUNNA_DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/town' };
    for (const args of [['migrate'], ['start'], ['ingest']]) {
      expect(await shell.run(args, settings)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(
          /^tunna: The database \(PostgreSQL at 127\.0\.0\.1:1\/town\) cannot be opened: .*\n$/,
        ),
      });
    }
  });

  test('needs a folder that can be one', async () => {
    writeFileSync(path.join(shell.folder, 'data'), '');
    for (const [args, code] of [
      [['start'], 78],
      [['migrate'], 78],
      [['doctor'], 1],
    ] as const) {
      const { exitCode, stdout, stderr } = await shell.run(args, { TUNNA_DEMO: '0' });
      expect(exitCode).toBe(code);
      expect(`${stdout}${stderr}`).toContain('TUNNA_DATA_DIR');
    }
  });

  test('says whether anybody has credentials; until then no part listens beyond loopback', async () => {
    await succeed('migrate');
    for (const part of ['broker', 'dashboard']) {
      const { exitCode, stderr } = await shell.run([part], { TUNNA_BIND: '0.0.0.0' });
      expect(exitCode).toBe(78);
      expect(stderr).toMatch(/^tunna: TUNNA_BIND=0\.0\.0\.0 .* run "tunna device add" first\n$/);
    }
  });

  test('that is not there is asked for in one line, and not made by looking', async () => {
    for (const args of [['device', 'list'], ['ingest']]) {
      const { exitCode, stderr } = await shell.run(args);
      expect({ exitCode, lines: stderr.split('\n').length }).toEqual({ exitCode: 78, lines: 2 });
      expect(stderr).toContain('run "tunna migrate" first');
    }
    expect(readdirSync(shell.folder)).toEqual([]);
  });
});

describe('devices', () => {
  beforeEach(async () => {
    await succeed('migrate');
  });

  test('are added, listed, given another token and shut out', async () => {
    const first = tokenIn(await succeed('device', 'add', 'sensor-1', '--model', 'EM400-MUD'));
    const second = tokenIn(await succeed('device', 'rotate', 'sensor-1'));
    expect(second).not.toBe(first);
    expect(JSON.parse(await succeed('device', 'list', '--json'))).toMatchObject([
      { id: 'sensor-1', kind: 'device', access: 'token', model: 'milesight/em400-mud' },
    ]);
    await succeed('device', 'revoke', 'sensor-1');
    expect(await succeed('device', 'list')).toMatch(/sensor-1 +device +revoked/);
    const again = await shell.run(['device', 'rotate', 'sensor-1']);
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('was revoked') });
  });

  test('are not replaced by adding them twice', async () => {
    await succeed('device', 'add', 'sensor-1');
    const twice = await shell.run(['device', 'add', 'sensor-1']);
    expect(twice.exitCode).toBe(1);
    expect(twice.stderr).toContain('registered already');
  });

  test('are not brought back after they were shut out', async () => {
    await succeed('device', 'add', 'sensor-1');
    await succeed('device', 'revoke', 'sensor-1');
    for (const command of ['add', 'rotate']) {
      const { exitCode, stderr } = await shell.run(['device', command, 'sensor-1']);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('for good; register it under another id');
    }
  });

  test('are not added with an option that would be passed over', async () => {
    const geometry = ['--empty-mm', '1200', '--full-mm', '300'];
    for (const options of [
      geometry,
      ['--behind-gateway', '--backfill'],
      ['--kind', 'reader', '--backfill'],
      ['--kind', 'operator', '--backfill'],
      ['--kind', 'operator', '--prefix', 'v3/#'],
      ['--kind', 'reader', ...geometry],
    ]) {
      expect(await shell.run(['device', 'add', 'x', ...options])).toMatchObject({ exitCode: 2 });
    }
    expect(JSON.parse(await succeed('device', 'list', '--json'))).toEqual([]);
  });

  test('a gateway needs its prefixes', async () => {
    const bare = await shell.run(['device', 'add', 'tts', '--kind', 'gateway']);
    expect(bare).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--prefix') });
    const prefixes = ['--prefix', 'v3/#', '--prefix', 'application/+/device/#'];
    await succeed('device', 'add', 'tts', '--kind', 'gateway', ...prefixes, '--backfill');
    expect(JSON.parse(await succeed('device', 'list', '--json'))).toMatchObject([
      { kind: 'gateway', prefixes: ['v3/#', 'application/+/device/#'], backfill: true },
    ]);
  });

  test('are mounted in bins and taken out', async () => {
    const place = ['--stream', 'food', '--lat', '59', '--lng', '17'];
    await succeed('bin', 'add', 'bin-1', '--name', 'Ett', ...place);
    await succeed('device', 'add', 'sensor-1', '--behind-gateway');
    const geometry = ['--empty-mm', '1000', '--full-mm', '200'];
    expect(await succeed('device', 'mount', 'sensor-1', 'bin-1', ...geometry)).toContain(
      'in bin-1',
    );
    expect(await succeed('device', 'list')).toMatch(/sensor-1 +device +none +- +bin-1/);
    await succeed('device', 'unmount', 'sensor-1');
    expect(await shell.run(['device', 'unmount', 'sensor-1'])).toMatchObject({ exitCode: 1 });
    const inside = await shell.run([
      'device',
      'mount',
      'sensor-1',
      'bin-1',
      '--empty-mm',
      '9',
      '--full-mm',
      '10',
    ]);
    expect(inside).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('larger than') });
  });
});

describe('bins', () => {
  const CSV = 'id,name,stream,lat,lng\nb1,Torget,litter,59.19,17.62\nb2,Kajen,paper,59.2,17.63\n';

  test('are imported after a look, and exported as they came', async () => {
    await succeed('migrate');
    writeFileSync(path.join(shell.folder, 'bins.csv'), CSV);
    expect(await succeed('bin', 'import', 'bins.csv', '--dry-run')).toBe(
      '2 bins would be added, 0 would be replaced\n',
    );
    expect(JSON.parse(await succeed('bin', 'list', '--json'))).toEqual([]);
    expect(await succeed('bin', 'import', 'bins.csv')).toBe('2 bins were added, 0 were replaced\n');
    await succeed('bin', 'export', 'out.geojson');
    expect(await succeed('bin', 'import', 'out.geojson')).toBe(
      '0 bins were added, 2 were replaced\n',
    );
    expect(await succeed('bin', 'export', '--format', 'csv')).toContain(
      'b1,Torget,litter,59.19,17.62',
    );
    expect(readFileSync(path.join(shell.folder, 'bins.csv'), 'utf8')).toBe(CSV);
  });

  test('are added one by one by the rules for files', async () => {
    await succeed('migrate');
    const add = ['bin', 'add', 'b1', '--stream', 'food', '--lat', '59', '--lng', '17'];
    const wrong = [...add, '--name', ' ', '--area', 'a\u0007b'];
    expect(await shell.run(wrong)).toMatchObject({
      exitCode: 2,
      stderr: 'tunna: name: is missing; area: "a\\u0007b" has control characters in it\n',
    });
    await succeed(...add, '--name', 'Torget', '--area', '');
    expect(JSON.parse(await succeed('bin', 'list', '--json'))).toMatchObject([
      { id: 'b1', name: 'Torget', area: null, thresholdPercent: 70 },
    ]);
  });

  test('are not imported at all from a file with a mistake', async () => {
    await succeed('migrate');
    writeFileSync(path.join(shell.folder, 'bins.csv'), CSV.replace('17.63', 'east'));
    const { exitCode, stderr } = await shell.run(['bin', 'import', 'bins.csv']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('row 3, lng: "east" is not a number');
    expect(JSON.parse(await succeed('bin', 'list', '--json'))).toEqual([]);
  });
});

describe('the doctor', () => {
  test('finds nothing wrong with a fresh installation', async () => {
    await succeed('migrate');
    const text = await succeed('doctor');
    expect(text).toMatch(/^ok +database: /m);
    expect(text).toMatch(/^ok +messages: of 0 accepted 0 stored, /m);
  });

  test('tells what fails, and says so with its exit code', async () => {
    const settings = { TUNNA_STORE: 'influx1', TUNNA_INFLUX_DATABASE: 'x' };
    // Port 1 is reserved and never listened on.
    const influx = { ...settings, TUNNA_INFLUX_URL: 'http://127.0.0.1:1' };
    const { exitCode, stdout } = await shell.run(['doctor'], influx);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^fail +influxdb: http:\/\/127\.0\.0\.1:1/m);
  });
});
