import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dumpStore } from '../../ingest/testing/dump-store.ts';
import { closeStore, openStore } from '../../store/database.ts';
import { readTally } from '../../store/tally.ts';
import { TunnaShell } from '../testing/run-tunna.ts';

// Every command is a process of its own, and other tests run beside these.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const WYNDHAM_HEADING = 'Bin ID,Fullness,fullnessThreshold,timestamp,reason';

let shell: TunnaShell;
beforeEach(async () => {
  shell = new TunnaShell();
  await succeed('migrate');
});
afterEach(() => shell[Symbol.dispose]());

async function succeed(...args: string[]): Promise<string> {
  const outcome = await shell.run(args);
  expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  return outcome.stdout;
}

function write(name: string, lines: readonly string[]): string {
  writeFileSync(path.join(shell.folder, name), `${lines.join('\n')}\n`);
  return name;
}

async function addBin(id: string): Promise<void> {
  const place = ['--stream', 'residual', '--lat', '-37.9', '--lng', '144.7'];
  await succeed('bin', 'add', id, '--name', id, ...place);
}

/** Opens what the commands have left. */
async function look<T>(read: (store: ReturnType<typeof openStore>) => Promise<T>): Promise<T> {
  const store = openStore(path.join(shell.folder, 'data/tunna.sqlite'));
  try {
    return await read(store);
  } finally {
    await closeStore(store);
  }
}

describe('tunna import readings', () => {
  test('brings the bins, sensors and levels of Wyndham along, once', async () => {
    write('containers.csv', [
      'serial,description,latitude,longitude,threshold,n_readings,stream,suburb',
      '77001,"Shop G, Somewhere",-37.90,144.66,6.0,2,general,Somewhere',
      '77002,Station R,-37.88,144.73,8.0,1,recycling,Elsewhere',
    ]);
    write('levels.csv', [
      WYNDHAM_HEADING,
      '77001,8,6,13-08-2018,FULLNESS',
      '77001,8,6,13-08-2018,FULLNESS',
      '77002,2,8,13-08-2018,NOT_READY',
      '77002,22,8,14-08-2018,NOT_READY',
    ]);
    const bins = ['--bins', 'containers.csv', '--stream', 'general=residual'];
    const args = ['import', 'readings', 'levels.csv', '--format', 'wyndham', '--create', ...bins];
    expect(await shell.run(args)).toMatchObject({
      exitCode: 2,
      stderr:
        'tunna: containers.csv, row 3: say what recycling is, such as --stream recycling=residual\n',
    });
    args.push('--stream', 'recycling=paper');
    const first = await succeed(...args);
    expect(first).toContain('2 bins of containers.csv were added, 0 were there');
    expect(first).toContain('4 records of 2 devices, 2018-08-13T02:00:00.000Z');
    expect(first).toContain('2 stored, 1 duplicate, 1 set aside\n    wrong-type: 1\n');
    expect(first).toContain('1 surplus rows on 1 bin-day\n');
    expect(first).toContain('line 5: Fullness "22" is not a number from 0 to 10');
    expect(first).toContain(
      '2 devices registered and mounted\n  77001 in 77001\n  77002 in 77002\n',
    );
    const dump = await look(dumpStore);
    const second = await succeed(...args);
    expect(second).toContain(
      '0 stored, 0 duplicates, 0 set aside\n  4 were taken by an earlier run',
    );
    expect(await look(dumpStore)).toBe(dump);
    expect(await succeed('bin', 'list')).toMatch(
      /77001 +Shop G, Somewhere +residual +Somewhere +60/,
    );
    expect(await succeed('quarantine', 'list')).toMatch(/wrong-type +77002/);
  });

  test('reads a table whose columns it is told, from the command line or a file', async () => {
    await addBin('bin-1');
    write('t.csv', ['Sensor;When;Left', 'dev-1;1.5.2024 08:00;0,25', 'dev-1;1.5.2024 09:00;0,2']);
    const asked = [
      ...['import', 'readings', 't.csv', '--format', 'csv', '--delimiter', ';', '--decimal-comma'],
      ...['--map', 'device=Sensor,time=When,fill=Left', '--fill-scale', 'remaining-ratio'],
      ...['--date-format', 'D.M.YYYY HH:mm', '--time-zone', 'Europe/Stockholm'],
    ];
    const report = JSON.parse(await succeed(...asked, '--json'));
    expect(report.files).toMatchObject([
      { file: 't.csv', records: 2, stored: 0, quarantined: { 'unknown-device': 2 } },
    ]);
    await succeed('quarantine', 'adopt', 'dev-1', '--bin', 'bin-1');
    const levels = await look(({ db }) => db.selectFrom('bin_states').selectAll().execute());
    expect(levels).toMatchObject([{ fill_percent: 80, observed_at: Date.UTC(2024, 4, 1, 7) }]);
    const mapping = {
      columns: { device: 'Sensor', time: 'When', fill: 'Left' },
      ...{ delimiter: ';', decimalComma: true, fillScale: 'remaining-ratio' },
      ...{ dateFormat: 'D.M.YYYY HH:mm', timeZone: 'Europe/Stockholm' },
    };
    write('m.json', [JSON.stringify(mapping)]);
    const again = await succeed(
      'import',
      'readings',
      't.csv',
      '--format',
      'csv',
      '--mapping',
      'm.json',
    );
    // The same meaning, however it was told.
    expect(again).toContain('2 were taken by an earlier run');
  });

  test('mounts what it creates with the geometry given', async () => {
    await addBin('bin-7');
    write('t.csv', ['s,b,t,d', 'dev-7,bin-7,2024-05-01T08:00:00Z,70']);
    await succeed(
      ...[
        'import',
        'readings',
        't.csv',
        '--format',
        'csv',
        '--map',
        'device=s,bin=b,time=t,distance=d',
      ],
      ...['--distance-unit', 'cm', '--date-format', 'rfc3339'],
      ...['--create', '--empty-mm', '1200', '--full-mm', '200'],
    );
    const levels = await look(({ db }) => db.selectFrom('bin_states').selectAll().execute());
    expect(levels).toMatchObject([{ bin_id: 'bin-7', fill_percent: 50 }]);
  });

  test('stores nothing when it only tries', async () => {
    await addBin('77001');
    write('levels.csv', [WYNDHAM_HEADING, '77001,8,6,13-08-2018,FULLNESS']);
    const args = ['import', 'readings', 'levels.csv', '--format', 'wyndham', '--create'];
    expect(await succeed(...args, '--dry-run')).toContain('nothing was stored');
    expect(JSON.parse(await succeed('device', 'list', '--json'))).toEqual([]);
  });

  test.each([
    [['--format', 'xml'], 2, "argument 'xml' is invalid"],
    [[], 2, "required option '--format <format>' not specified"],
    [['--format', 'csv', '--map', 'device=a,time=b,fill=c'], 2, 'say --fill-scale'],
    [['--format', 'csv', '--map', 'devise=a'], 2, '"devise=a" is not one of device, bin, time'],
    [['--format', 'wyndham', '--empty-mm', '900', '--full-mm', '100'], 2, '--create makes'],
    [['--format', 'wyndham'], 1, 't.csv: it has no heading of the format wyndham'],
    [['--format', 'dtu'], 1, 't.csv: it is not a JSON document'],
  ])('with %j says what is wrong in one line', async (options, exitCode, message) => {
    write('t.csv', ['a,b,c', '1,2,3']);
    const outcome = await shell.run(['import', 'readings', 't.csv', ...options]);
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.stderr).toMatch(/^tunna: [^\n]*\n$/);
    expect(outcome.stderr).toContain(message);
  });

  const ROWS = 10_000;

  /** Starts a long import, and holds the database as soon as a part of it is stored: it waits there until `release`. */
  async function startAndHold(args: readonly string[]) {
    await addBin('77001');
    await succeed('device', 'add', '77001', '--bin', '77001');
    const days = Array.from({ length: ROWS }, (_, index) => {
      const day = new Date(Date.UTC(1971, 0, 1 + index)).toISOString().slice(0, 10);
      return `77001,${(index * 2) % 12},8,${day.split('-').toReversed().join('-')},NOT_READY`;
    });
    write('levels.csv', [WYNDHAM_HEADING, ...days]);
    const started = shell.start(args);
    const database = new Sqlite(path.join(shell.folder, 'data/tunna.sqlite'), { timeout: 30_000 });
    const count = database.prepare<[], number>('select count(*) from uplinks').pluck();
    const stored = await vi.waitFor(
      () => {
        database.exec('begin immediate');
        const some = count.get() ?? 0;
        if (some > 0) return some;
        database.exec('rollback');
        throw new Error('nothing is stored yet');
      },
      { timeout: 60_000, interval: 5 },
    );
    expect(stored).toBeLessThan(ROWS);
    return { started, stored, release: () => database.close() };
  }

  test('killed in the middle and run again stores what one run would have', async () => {
    const args = ['import', 'readings', 'levels.csv', '--format', 'wyndham', '--json'];
    const { started, stored, release } = await startAndHold(args);
    started.child.kill('SIGKILL');
    await vi.waitFor(() => expect(started.child.signalCode).toBe('SIGKILL'), { timeout: 30_000 });
    release();
    const { stdout } = await shell.run(args);
    expect(JSON.parse(stdout).files).toMatchObject([
      { complete: true, records: ROWS, earlier: stored, stored: ROWS - stored, duplicate: 0 },
    ]);
    expect(await look(({ db }) => readTally(db))).toEqual([
      { outcome: 'stored', reason: '', count: ROWS },
    ]);
  });

  test('told to stop ends after its batch and says how to go on', async () => {
    const args = ['import', 'readings', 'levels.csv', '--format', 'wyndham'];
    const { started, stored, release } = await startAndHold(args);
    started.child.kill('SIGINT');
    release();
    await once(started.child, 'close');
    expect(started.child.exitCode).toBe(1);
    expect(started.stderr()).toMatch(
      /tunna: stopped; the same command goes on where this one was\n$/,
    );
    const [, records = ''] = /stopped after ([\d,]+) records/.exec(started.stdout()) ?? [];
    const count = Number(records.replaceAll(',', ''));
    expect(count).toBeGreaterThanOrEqual(stored);
    expect(count).toBeLessThan(ROWS);
  });
});
