import { createServer } from 'node:net';
import { errorText } from '../../domain/error-text.ts';
import { listPorts } from '../settings/ports.ts';
import type { Settings } from '../settings/settings.ts';
import { findRunningStart } from '../start-file.ts';
import { fail, ok, warn } from './check.ts';
import type { Finding } from './check.ts';

/** Whether each port can be had, and if not, whether it is we who have it. */
export async function checkPorts(settings: Settings): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [setting, port] of listPorts(settings)) {
    if (port !== 0) findings.push(await checkPort(setting, port, settings));
  }
  return findings;
}

async function checkPort(setting: string, port: number, settings: Settings): Promise<Finding> {
  const name = `port ${port}`;
  const error = await tryToListen(settings.bind, port);
  if (error === undefined) return ok(name, `free (${setting})`);
  if (!('code' in error) || error.code !== 'EADDRINUSE') {
    return fail(name, `${setting}: ${errorText(error)}`);
  }
  const pid = findRunningStart(settings.dataFolder);
  if (pid !== undefined) return ok(name, `in use by "tunna start", process ${pid} (${setting})`);
  return warn(name, `taken by another program, or by a part that runs alone (${setting})`);
}

function tryToListen(host: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
