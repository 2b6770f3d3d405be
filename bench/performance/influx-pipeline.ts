import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { startInfluxd } from '../../tests/servers/influxd.ts';
import { startMosquitto } from '../../tests/servers/mosquitto.ts';
import { anonymousLogins } from './peer.ts';
import type { PeerKind } from './peer.ts';

const WRITER = path.join(import.meta.dirname, 'mqtt-to-influx.ts');

/** So that Mosquitto drops nothing while the writer is behind; as installed it keeps 1000 messages and sends 20 at once. */
const PATIENT = ['max_queued_messages 0', 'max_inflight_messages 1000'];

/** Mosquitto -> mqtt.js, which acknowledges after the write, in batches -> InfluxDB 1.6. */
export const influxPipeline = pipeline('Mosquitto → mqtt.js → InfluxDB', PATIENT);

/** The same with Mosquitto as it is installed. */
export const influxPipelineAsInstalled = pipeline('the same, Mosquitto as installed', []);

function pipeline(name: string, settings: readonly string[]): PeerKind {
  return {
    name,
    start: async ({ connections }) => {
      await using undo = new AsyncDisposableStack();
      const broker = undo.use(await startMosquitto({ settings }));
      const influxd = undo.use(await startInfluxd());
      await ask(influxd.url, 'create database bench');
      const writer = fork(WRITER, [String(broker.port), influxd.url], { execArgv: [] });
      undo.defer(async () => {
        if (writer.exitCode !== null) return;
        writer.kill();
        await once(writer, 'exit');
      });
      let written = 0;
      writer.on('message', (message: { readonly written: number }) => {
        written = message.written;
      });
      // Its first message says that it has subscribed.
      await once(writer, 'message');
      const all = undo.move();
      return {
        logins: anonymousLogins(broker.port, connections),
        processes: { broker: broker.pid, writer: writer.pid ?? 0, influxd: influxd.pid },
        countStored: async () => written,
        [Symbol.asyncDispose]: () => all.disposeAsync(),
      };
    },
  };
}

async function ask(url: string, query: string): Promise<void> {
  const answer = await fetch(`${url}/query?q=${encodeURIComponent(query)}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`InfluxDB answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}
