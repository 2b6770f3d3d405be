import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { TunnaShell } from '../../cli/testing/run-tunna.ts';
import { closeStore, openStore } from '../../store/database.ts';
import { createInfluxQuery } from '../../store/influx/influx-query.ts';
import { migrate } from '../../store/migrate.ts';
import { seedBin, seedDevice, seedReadings } from '../../store/views/testing/seed-town.ts';
import { startInflux2Front } from '../servers/influx2-front.ts';
import { startInfluxd } from '../servers/influxd.ts';
import { needs } from '../servers/needs.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2025, 0, 1);
const DAYS = 120;

/** A data folder with a reading of two bins every six hours. */
async function seedFolder(folder: string): Promise<void> {
  const store = openStore(path.join(folder, 'data', 'tunna.sqlite'));
  try {
    await migrate(store, 0);
    for (const number of [1, 2]) {
      await seedBin(store, `bin-${number}`);
      await seedDevice(store, { id: `dev-${number}`, binId: `bin-${number}` });
      await seedReadings(
        store,
        Array.from({ length: DAYS * 4 }, (_, index) => ({
          ...{ deviceId: `dev-${number}`, binId: `bin-${number}` },
          ...{ atMs: START_MS + index * 6 * HOUR_MS, fillPercent: index % 100 },
        })),
      );
    }
  } finally {
    await closeStore(store);
  }
}

async function countPoints(query: ReturnType<typeof createInfluxQuery>): Promise<unknown> {
  const [row] = await query.rows('SELECT count(fill_percent) AS readings FROM reading');
  return row?.['readings'];
}

needs('influxdb')('tunna store copy', () => {
  test('goes on after it was killed, and from InfluxDB 1 to InfluxDB 2', async () => {
    using shell = new TunnaShell();
    await using first = await startInfluxd();
    await using second = await startInflux2Front();
    await seedFolder(shell.folder);
    const one = { TUNNA_INFLUX_URL: first.url, TUNNA_INFLUX_DATABASE: 'tunna' };
    const args = ['store', 'copy', '--from', 'sqlite', '--to', 'influx1'];
    const killed = shell.start(args, one);
    await vi.waitFor(() => expect(killed.stderr()).toContain('points verified'), 30_000);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'close');
    const finished = await shell.run(args, one);
    expect(finished.stderr).toContain('goes on at 2025-');
    expect(finished).toMatchObject({ exitCode: 0 });
    expect(finished.stdout).toContain(`${DAYS * 8} points of sql are in ${first.url}`);
    expect(await countPoints(createInfluxQuery({ url: first.url, database: 'tunna' }))).toBe(
      DAYS * 8,
    );

    writeFileSync(
      path.join(shell.folder, 'old.env'),
      Object.entries(one)
        .map(([name, text]) => `${name}=${text}\n`)
        .join(''),
    );
    const { url, org, bucket, token } = second;
    const two = {
      ...{ TUNNA_STORE: 'influx2', TUNNA_INFLUX_URL: url, TUNNA_INFLUX_ORG: org },
      ...{ TUNNA_INFLUX_BUCKET: bucket, TUNNA_INFLUX_TOKEN: token },
    };
    const onward = ['store', 'copy', '--from', 'influx1', '--to', 'influx2'];
    const copied = await shell.run([...onward, '--from-settings', 'old.env'], two);
    expect(copied).toMatchObject({ exitCode: 0 });
    expect(copied.stdout).toContain(`${DAYS * 8} points of ${first.url}`);
    const there = createInfluxQuery({ url, database: bucket, token });
    expect(await countPoints(there)).toBe(DAYS * 8);
    // To the nanosecond: the same reading sent by the outbox must be the same point.
    const of = (server: ReturnType<typeof createInfluxQuery>) =>
      server.exactRows('SELECT * FROM reading ORDER BY time LIMIT 5');
    expect(await of(there)).toEqual(
      await of(createInfluxQuery({ url: first.url, database: 'tunna' })),
    );
  });

  test('says what is wrong in a line, and loses nothing', async () => {
    using shell = new TunnaShell();
    await seedFolder(shell.folder);
    const away = { TUNNA_INFLUX_URL: 'http://127.0.0.1:9', TUNNA_INFLUX_DATABASE: 'tunna' };
    const to = ['store', 'copy', '--to', 'influx1', '--from'];
    const stopped = await shell.run([...to, 'sqlite'], away);
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stderr).toMatch(
      /^tunna: the copy has stopped: .*run the command again to go on\n$/,
    );
    const same = await shell.run([...to, 'influx1'], away);
    expect(same).toMatchObject({ exitCode: 2 });
    expect(same.stderr).toContain('source and target are the same store');
    const file = await shell.run([...to, 'influx2', '--from-settings', 'none.env'], away);
    expect(file).toMatchObject({ exitCode: 78 });
  });
});
