import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { freePort } from '../../tests/servers/free-port.ts';
import { TunnaShell } from '../testing/run-tunna.ts';
import { awaitUp, childrenOf, isAlive, stoppedParts } from '../testing/watch-start.ts';

const SMALL_TOWN = { TUNNA_SIM_BINS: '4' };

/** Other tests share the machine: this is for what hangs, not for what is slow. */
const AT_LEISURE = { timeout: 30_000, interval: 100 };

let shell: TunnaShell;
beforeEach(() => {
  shell = new TunnaShell();
});
afterEach(() => shell[Symbol.dispose]());

describe('tunna start', () => {
  test('brings up a demo town that reports, and stops cleanly', { timeout: 90_000 }, async () => {
    const started = shell.start(['start'], {
      ...SMALL_TOWN,
      // The simulator must know the broker's before that one listens.
      TUNNA_MQTT_PORT: String(await freePort()),
    });
    const { page } = await awaitUp(started);
    await vi.waitFor(async () => {
      const response = await fetch(`${page}api/v1/bins`);
      const { bins } = z
        .looseObject({ bins: z.array(z.looseObject({ fillPercent: z.number().nullable() })) })
        .parse(await response.json());
      expect(bins).toHaveLength(4);
      expect(bins.some(({ fillPercent }) => fillPercent !== null)).toBe(true);
    }, AT_LEISURE);
    const credentials = path.join(shell.folder, 'data/simulator/credentials.json');
    expect(statSync(credentials).mode & 0o777).toBe(0o600);
    const parts = childrenOf(started.child.pid);
    expect(parts).toHaveLength(4);
    // As a terminal does it at Ctrl-C: everybody gets it.
    for (const pid of parts) process.kill(pid, 'SIGINT');
    started.child.kill('SIGINT');
    await once(started.child, 'close');
    expect(started.child.exitCode).toBe(0);
    expect(parts.filter(isAlive)).toEqual([]);
    // Each in its own time, not cut off by the terminal's signal.
    expect(stoppedParts(started.stdout())).toEqual(['simulator', 'broker', 'ingest', 'dashboard']);
  });

  test(
    'ends with one line that names the port and its setting when it is taken',
    { timeout: 90_000 },
    async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      // Safe: a server that listens on TCP has an address of this form.
      const { port } = other.address() as AddressInfo;
      try {
        const settings = { TUNNA_DEMO: '0', TUNNA_HTTP_PORT: String(port) };
        const { exitCode, stderr } = await shell.run(['start'], settings);
        expect(exitCode).toBe(69);
        expect(stderr).toBe(
          `tunna: dashboard: port ${port} is taken; set TUNNA_HTTP_PORT to another\n`,
        );
      } finally {
        other.close();
      }
    },
  );

  test(
    'serves the metrics of broker and ingest where it is told to',
    { timeout: 90_000 },
    async () => {
      const settings = { TUNNA_BROKER_METRICS_PORT: '0', TUNNA_INGEST_METRICS_PORT: '0' };
      const started = shell.start(['start'], { TUNNA_DEMO: '0', ...settings });
      const up = z
        .looseObject({ brokerMetrics: z.url(), ingestMetrics: z.url() })
        .parse(await awaitUp(started));
      const broker = await fetch(up.brokerMetrics);
      expect(broker.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(await broker.text()).toContain('tunna_broker_connections 0');
      // Once it has found the broker's journal.
      await vi.waitFor(async () => {
        const text = await (await fetch(up.ingestMetrics)).text();
        expect(text).toContain('tunna_ingest_backlog_records{door="mqtt"} 0');
      }, AT_LEISURE);
      expect((await fetch(new URL('/', up.brokerMetrics))).status).toBe(404);
      expect((await fetch(up.brokerMetrics, { method: 'POST' })).status).toBe(405);
      started.child.kill('SIGTERM');
      await once(started.child, 'close');
      expect(started.child.exitCode).toBe(0);
    },
  );

  test(
    'listens beyond loopback only when somebody has credentials',
    { timeout: 90_000 },
    async () => {
      const settings = { TUNNA_DEMO: '0', TUNNA_BIND: '0.0.0.0' };
      const refused = await shell.run(['start'], settings);
      expect(refused).toMatchObject({
        exitCode: 78,
        stderr: expect.stringContaining('device add'),
      });
      await shell.run(['device', 'add', 'sensor-1']);
      const started = shell.start(['start'], settings);
      await awaitUp(started);
      started.child.kill('SIGTERM');
      await once(started.child, 'close');
      expect(started.child.exitCode).toBe(0);
    },
  );
});
