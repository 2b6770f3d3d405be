import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { closeStore, openStore } from '../../store/database.ts';
import { needs } from '../servers/needs.ts';
import { requireProgram } from '../servers/programs.ts';
import { freePort, privateFolder, ServerProcess, startServer } from '../servers/server-process.ts';
import { childrenOf, isListening, MAIN } from './running-tunna.ts';
import { addPrincipal } from './town-of-devices.ts';

const MESSAGES = 100;
const TRACED = 'trace=pwrite64,write,writev,fsync,fdatasync';

/** A broker alone, every write and fsync of it in a file. */
async function startTracedBroker() {
  const folder = await privateFolder('traced');
  const port = await freePort();
  const strace = requireProgram('strace');
  const dataFolder = path.join(folder, 'data');
  const env = {
    ...strace.env,
    TUNNA_DATA_DIR: dataFolder,
    TUNNA_MQTT_PORT: String(port),
    TUNNA_MQTT_WS_PORT: 'off',
    TUNNA_DEMO: '0',
  };
  await promisify(execFile)(process.execPath, [MAIN, 'migrate'], { env });
  const store = openStore(path.join(dataFolder, 'tunna.sqlite'));
  const credentials = await addPrincipal(store, { id: 'dev-0', kind: 'device' });
  await closeStore(store);
  const traceFile = path.join(folder, 'trace');
  const server = await startServer(
    new ServerProcess({
      name: 'broker',
      program: { path: strace.path, env },
      args: [
        '-f',
        '-y',
        '-s',
        '8',
        '-e',
        TRACED,
        '-o',
        traceFile,
        process.execPath,
        MAIN,
        'broker',
      ],
      port,
      folder,
      isReady: async () => (await isListening(port)) && existsSync(traceFile),
    }),
  );
  return { server, port, traceFile, credentials };
}

/**
 * How many PUBACKs went out, and how many of them while something in the journal's WAL was not synced. Each is the answer to
 * the one message under way, so that what is dirty then is that message.
 */
function countAcknowledgements(trace: string): { acknowledged: number; premature: number } {
  const counts = { acknowledged: 0, premature: 0 };
  let dirty = false;
  for (const line of trace.split('\n')) {
    const isJournal = /journals\/mqtt\.sqlite-wal>/.test(line);
    if (isJournal && /pwrite64\(/.test(line)) dirty = true;
    // An fsync that takes long is told in two lines; only its end counts.
    if (/(fsync|fdatasync)\(/.test(line) && isJournal && / = 0/.test(line)) dirty = false;
    if (/<\.\.\. (fsync|fdatasync) resumed>/.test(line) && / = 0/.test(line)) dirty = false;
    if (!/writev?\(\d+<socket:\[\d+\]>, (\[\{iov_base=)?"@/.test(line)) continue;
    counts.acknowledged += 1;
    if (dirty) counts.premature += 1;
  }
  return counts;
}

needs('strace')('a PUBACK', () => {
  test('leaves the broker only after the fsync of the journal', async () => {
    const { server, port, traceFile, credentials } = await startTracedBroker();
    await using _ = server;
    const client = await mqtt.connectAsync({ host: '127.0.0.1', port, ...credentials });
    for (let index = 0; index < MESSAGES; index += 1) {
      const body = { seq: index, observedAt: Date.now(), fillPercent: 50 };
      await client.publishAsync('bins/dev-0/up', JSON.stringify(body), { qos: 1 });
    }
    await client.endAsync();
    // strace itself ignores signals; it ends with what it traces.
    for (const pid of childrenOf(server.pid)) process.kill(pid, 'SIGTERM');
    await server.shutDown();
    expect(countAcknowledgements(readFileSync(traceFile, 'utf8'))).toEqual({
      acknowledged: MESSAGES,
      premature: 0,
    });
  });

  test('before the fsync would be seen by this check', () => {
    const write = '7 pwrite64(20</d/journals/mqtt.sqlite-wal>, "x", 1, 0) = 1';
    const sync = '7 fsync(20</d/journals/mqtt.sqlite-wal>) = 0';
    const puback = '1 writev(25<socket:[7]>, [{iov_base="@", iov_len=1}], 1) = 1';
    const count = (...lines: string[]) => countAcknowledgements(lines.join('\n'));
    expect(count(write, puback, sync)).toEqual({ acknowledged: 1, premature: 1 });
    expect(count(write, sync, puback)).toEqual({ acknowledged: 1, premature: 0 });
  });
});
