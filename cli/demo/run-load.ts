import path from 'node:path';
import { createLoad, loadPrincipals } from '../../simulator/load.ts';
import { townRegistrations } from '../../simulator/register.ts';
import { createTown } from '../../simulator/town.ts';
import { createLog } from '../create-log.ts';
import { dataPaths } from '../data-folder.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';
import { connectHost } from '../parts/connect-host.ts';
import { print, printJson } from '../print.ts';
import { registerTown } from './register-town.ts';

/** Options of a load run, as commander gives them. */
export interface LoadArguments {
  readonly bins: number;
  readonly rate: number;
  readonly seconds: number;
  readonly connections: number;
}

/** Registers as many bins as asked for, publishes at the rate asked for, and prints the report as JSON. */
export async function runLoad(options: LoadArguments): Promise<void> {
  const { settings } = loadSettings();
  const { seed } = settings.simulator;
  const { bins, rate, seconds, connections } = options;
  const folder = path.join(dataPaths(settings.dataFolder).simulator, 'load');
  print(`registering ${bins} bins, which takes a while the first time`);
  const town = townRegistrations(createTown({ seed, binCount: bins }));
  const credentials = await withStore(settings, (store) =>
    registerTown(store, { ...town, principals: loadPrincipals(connections) }, folder, Date.now()),
  );
  const load = createLoad({
    broker: { host: connectHost(settings.bind), port: settings.mqttPort },
    ...{ bins, rate, connections, credentials, seed },
    durationSeconds: seconds,
    now: Date.now,
    log: createLog('load', settings.logLevel),
  });
  process.once('SIGINT', () => load.stop());
  process.once('SIGTERM', () => load.stop());
  print(`publishing ${rate} messages a second for ${seconds} s`);
  const report = await load.run();
  printJson(report);
  if (report.failed > 0) {
    throw new Refusal(EXIT.failure, `${report.failed} messages were not acknowledged`);
  }
}
