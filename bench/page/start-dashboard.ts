import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { MAIN } from '../../tests/system/running-tunna.ts';
import { freePort } from '../../tests/servers/free-port.ts';
import { privateFolder, ServerProcess, startServer } from '../../tests/servers/server-process.ts';
import { seedTown } from './seed-town.ts';

/** `tunna dashboard` in a process of its own, over a town of so many bins. Takes a minute for the largest. */
export async function startDashboard(binCount: number): Promise<ServerProcess> {
  const folder = await privateFolder('bench-page');
  const dataFolder = path.join(folder, 'data');
  await mkdir(dataFolder, { mode: 0o700 });
  await seedTown(path.join(dataFolder, 'tunna.sqlite'), dataFolder, binCount);
  const port = await freePort();
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    // No tiles and no building of the page.
    NODE_ENV: 'production',
    TUNNA_DATA_DIR: dataFolder,
    TUNNA_HTTP_PORT: String(port),
  };
  const isReady = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  const program = { path: process.execPath, env };
  return startServer(
    new ServerProcess({
      name: 'dashboard',
      program,
      args: [MAIN, 'dashboard'],
      port,
      folder,
      isReady,
    }),
  );
}
