import { createSimulator } from '../../simulator/simulator.ts';
import { prepareDemoTown } from '../demo/demo-town.ts';
import { connectHost } from './connect-host.ts';
import type { Part, PartContext } from './run-part.ts';

/** So far back goes the history of a town that starts anew, days. */
const HISTORY_DAYS = 30;

/** The simulated town: registers itself, then speaks to the broker like a real one. */
export async function createSimulatorPart(context: PartContext): Promise<Part> {
  const { settings, store, log, now } = context;
  const demo = await prepareDemoTown(settings, store, now());
  const { historyPrincipal } = demo;
  const simulator = createSimulator({
    broker: { host: connectHost(settings.bind), port: settings.mqttPort },
    town: demo.town,
    credentials: demo.credentials,
    timeLapse: settings.simulator.timeLapse,
    now,
    log,
    history: {
      days: HISTORY_DAYS,
      ...(historyPrincipal && { backfillPrincipal: historyPrincipal }),
    },
    stateFile: demo.stateFile,
  });
  return {
    async start() {
      await simulator.start();
      return {};
    },
    stop: () => simulator.stop(),
  };
}
