import { existsSync } from 'node:fs';
import { InfluxDB } from 'influx';
import { expect, test } from 'vitest';
import { startInfluxd } from './influxd.ts';
import type { Influxd } from './influxd.ts';
import { needs } from './needs.ts';

function clientOf(server: Influxd): InfluxDB {
  return new InfluxDB({ host: '127.0.0.1', port: server.port, database: 'town' });
}

needs('influxdb')('an InfluxDB for tests', () => {
  test('keeps what was written across a crash, on the same port', async () => {
    await using server = await startInfluxd();
    const client = clientOf(server);
    await client.createDatabase('town');
    await client.writePoints([{ measurement: 'fill', fields: { percent: 42 } }]);
    await server.crash();
    await expect(client.getDatabaseNames()).rejects.toThrow();
    await server.start();
    // A new client, because the old one shuns a server that has once been away.
    const rows = await clientOf(server).query('select percent from fill');
    expect([...rows]).toMatchObject([{ percent: 42 }]);
  });

  test('removes its folder when stopped', async () => {
    const server = await startInfluxd();
    expect(existsSync(server.folder)).toBe(true);
    await server.stop();
    expect(existsSync(server.folder)).toBe(false);
  });

  test('can be stopped while a test has halted it', async () => {
    const server = await startInfluxd();
    process.kill(server.pid, 'SIGSTOP');
    await server.stop();
    expect(() => server.pid).toThrow(/not running/);
  });
});
