import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { requireProgram } from './programs.ts';
import { freePort } from './free-port.ts';
import { privateFolder, ServerProcess, startServer } from './server-process.ts';

/** A running InfluxDB 1.x. */
export interface Influxd extends ServerProcess {
  /** `http://127.0.0.1:port` */
  readonly url: string;
}

class InfluxdProcess extends ServerProcess implements Influxd {
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }
}

/**
 * Starts an InfluxDB 1.6 without authentication and without any database in it.
 * @param options.data further lines of the section `[data]` of its configuration.
 */
export async function startInfluxd(
  options: { readonly data?: readonly string[] } = {},
): Promise<Influxd> {
  const program = requireProgram('influxd');
  const port = await freePort();
  const folder = await privateFolder('influxd');
  const configFile = path.join(folder, 'influxdb.conf');
  await writeFile(configFile, configuration(folder, port, await freePort(), options.data));
  const args = ['-config', configFile];
  const isReady = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/ping`, {
      signal: AbortSignal.timeout(1_000),
    });
    return answer.status === 204;
  };
  return startServer(new InfluxdProcess({ name: 'influxd', program, args, port, folder, isReady }));
}

/** https://docs.influxdata.com/influxdb/v1/administration/config/ */
function configuration(
  folder: string,
  port: number,
  backupPort: number,
  data: readonly string[] = [],
): string {
  return `reporting-disabled = true
bind-address = "127.0.0.1:${backupPort}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  index-version = "tsi1"
${data.map((line) => `  ${line}\n`).join('')}[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
[monitor]
  store-enabled = false
`;
}
