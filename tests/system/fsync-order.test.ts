import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { closeStore, openStore } from '../../store/database.ts';
import { needs } from '../servers/needs.ts';
import { requireProgram } from '../servers/programs.ts';
import { freePort } from '../servers/free-port.ts';
import { privateFolder, ServerProcess, startServer } from '../servers/server-process.ts';
import { childrenOf, isListening, MAIN } from './running-tunna.ts';
import { addPrincipal } from './town-of-devices.ts';

const MESSAGES = 100;
const TRACED = 'trace=pwrite64,write,writev,fsync,fdatasync';

/** One part alone, every write and fsync of it in a file. */
async function startTraced(part: 'broker' | 'dashboard') {
  const folder = await privateFolder('traced');
  const port = await freePort();
  const strace = requireProgram('strace');
  const dataFolder = path.join(folder, 'data');
  const env = {
    ...strace.env,
    TUNNA_DATA_DIR: dataFolder,
    [part === 'broker' ? 'TUNNA_MQTT_PORT' : 'TUNNA_HTTP_PORT']: String(port),
    TUNNA_MQTT_WS_PORT: 'off',
    TUNNA_DEMO: '0',
  };
  await promisify(execFile)(process.execPath, [MAIN, 'migrate'], { env });
  const store = openStore(path.join(dataFolder, 'tunna.sqlite'));
  const device = await addPrincipal(store, { id: 'dev-0', kind: 'device' });
  const prefixes = ['uplinks/#'];
  const gateway = await addPrincipal(store, { id: 'gw', kind: 'gateway', prefixes });
  await closeStore(store);
  const traceFile = path.join(folder, 'trace');
  const server = await startServer(
    new ServerProcess({
      name: part,
      program: { path: strace.path, env },
      args: ['-f', '-y', '-s', '8', '-e', TRACED, '-o', traceFile, process.execPath, MAIN, part],
      port,
      folder,
      isReady: async () => (await isListening(port)) && existsSync(traceFile),
    }),
  );
  return { server, port, traceFile, device, gateway };
}

/** How the writes of an acknowledgement begin: a PUBACK's first byte is `@`. */
const ACKNOWLEDGEMENT = { mqtt: '@', webhooks: 'HTTP/1' } as const;

/**
 * How many acknowledgements went out, and how many of them while something in the journal's WAL was not synced. Each is the
 * answer to the one message under way, so that what is dirty then is that message.
 */
function countAcknowledgements(
  trace: string,
  door: keyof typeof ACKNOWLEDGEMENT,
): { acknowledged: number; premature: number } {
  const counts = { acknowledged: 0, premature: 0 };
  const answer = new RegExp(
    `writev?\\(\\d+<socket:\\[\\d+\\]>, (\\[\\{iov_base=)?"${ACKNOWLEDGEMENT[door]}`,
  );
  let dirty = false;
  for (const line of trace.split('\n')) {
    const isJournal = line.includes(`journals/${door}.sqlite-wal>`);
    if (isJournal && /pwrite64\(/.test(line)) dirty = true;
    // An fsync that takes long is told in two lines; only its end counts.
    if (/(fsync|fdatasync)\(/.test(line) && isJournal && / = 0/.test(line)) dirty = false;
    if (/<\.\.\. (fsync|fdatasync) resumed>/.test(line) && / = 0/.test(line)) dirty = false;
    if (!answer.test(line)) continue;
    counts.acknowledged += 1;
    if (dirty) counts.premature += 1;
  }
  return counts;
}

/** strace itself ignores signals; it ends with what it traces. */
async function stopTraced({ server }: Awaited<ReturnType<typeof startTraced>>): Promise<void> {
  for (const pid of childrenOf(server.pid)) process.kill(pid, 'SIGTERM');
  await server.shutDown();
}

needs('strace')('an acknowledgement', () => {
  test('leaves the broker only after the fsync of the journal', async () => {
    const traced = await startTraced('broker');
    await using _ = traced.server;
    const { port, device, traceFile } = traced;
    const client = await mqtt.connectAsync({ host: '127.0.0.1', port, ...device });
    for (let index = 0; index < MESSAGES; index += 1) {
      const body = { seq: index, observedAt: Date.now(), fillPercent: 50 };
      await client.publishAsync('bins/dev-0/up', JSON.stringify(body), { qos: 1 });
    }
    await client.endAsync();
    await stopTraced(traced);
    expect(countAcknowledgements(readFileSync(traceFile, 'utf8'), 'mqtt')).toEqual({
      acknowledged: MESSAGES,
      premature: 0,
    });
  });

  test('leaves the door for webhooks only after the fsync of its journal', async () => {
    const traced = await startTraced('dashboard');
    await using _ = traced.server;
    const { port, gateway, traceFile } = traced;
    for (let index = 0; index < MESSAGES; index += 1) {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/uplinks/loriot`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${gateway.password}`,
          'Content-Type': 'application/json',
        },
        body: JSON.stringify({ index }),
      });
      expect([answer.status, await answer.text()]).toEqual([200, '{"status":"kept"}']);
    }
    await stopTraced(traced);
    expect(countAcknowledgements(readFileSync(traceFile, 'utf8'), 'webhooks')).toEqual({
      acknowledged: MESSAGES,
      premature: 0,
    });
  });

  test.each([
    ['mqtt', '@'],
    ['webhooks', 'HTTP/1.1'],
  ] as const)('before the fsync would be seen by this check: %s', (door, bytes) => {
    const write = `7 pwrite64(20</d/journals/${door}.sqlite-wal>, "x", 1, 0) = 1`;
    const sync = `7 fsync(20</d/journals/${door}.sqlite-wal>) = 0`;
    const answer = `1 writev(25<socket:[7]>, [{iov_base="${bytes}", iov_len=1}], 1) = 1`;
    const count = (...lines: string[]) => countAcknowledgements(lines.join('\n'), door);
    expect(count(write, answer, sync)).toEqual({ acknowledged: 1, premature: 1 });
    expect(count(write, sync, answer)).toEqual({ acknowledged: 1, premature: 0 });
  });
});
