import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../simulator/random.ts';
import { addMountedDevice } from '../../ingest/testing/sample-town.ts';
import { startInfluxd } from '../servers/influxd.ts';
import type { Influxd } from '../servers/influxd.ts';
import { hasPackage } from '../servers/programs.ts';
import { drain, readMetric } from '../system/conservation.ts';
import { CHIRPSTACK_EUI, MODEL } from '../system/lorawan-documents.ts';
import { startTunna } from '../system/running-tunna.ts';
import type { RunningTunna } from '../system/running-tunna.ts';
import { addPrincipal, addTown } from '../system/town-of-devices.ts';
import type { Credentials } from '../system/town-of-devices.ts';
import { WebhookSender } from '../system/webhook-sender.ts';
import { compare, History, NOTHING_WRONG } from './history.ts';
import type { Findings } from './history.ts';
import { LevelWatch } from './level-watch.ts';
import { ALL_VICTIMS, doHarm } from './nemesis.ts';
import type { Harm } from './nemesis.ts';
import { NumberedPublisher } from './numbered-publisher.ts';
import { levelOf, readApi, readInflux, readSql, readWebhooks } from './readers.ts';
import { sabotageEnv } from './sabotage.ts';
import type { SabotageName } from './sabotage.ts';

const PUBLISHERS = 40;
/** Senders of frames through the webhooks, by the digit of their session. */
const CALLERS = ['a', 'b', 'c'];
/** `npm run test:faults -- --kills 200` asks for more. */
const FAULTS = Number(process.env['TUNNA_TEST_KILLS'] ?? 12);
const SEED = Number(process.env['TUNNA_TEST_SEED'] ?? Math.floor(Date.now() % 1_000_000));
/** Starting parts anew takes seconds on a busy machine. */
const TIMEOUT_MS = 120_000 + FAULTS * 15_000;

interface Outcome {
  readonly sql: Findings;
  readonly api: Findings;
  /** The frames that a webhook has answered with 2xx. */
  readonly webhooks: Findings;
  /** Without InfluxDB's program: nothing wrong. */
  readonly influx: Findings;
  readonly regressed: readonly string[];
  readonly acknowledged: number;
  readonly looks: number;
  /** What the metrics say of messages that were acknowledged and became nothing. */
  readonly unaccounted: number;
}

/** Publishes, does harm, waits until all is stored, and compares what every reader returns. */
async function run(
  harm: Pick<Harm, 'faults' | 'victims' | 'neighbour' | 'history'>,
  sabotage?: SabotageName,
): Promise<Outcome> {
  const { history, neighbour } = harm;
  await using tunna = await startTunna({
    ...(sabotage !== undefined && sabotageEnv(sabotage)),
    ...(neighbour !== undefined && influxEnv(neighbour)),
  });
  if (sabotage === 'cursor-first') tunna.expectBrokenBooks();
  const credentials = await addTown(tunna, PUBLISHERS);
  const publishers = Array.from({ length: PUBLISHERS }, (_, index) => {
    const device = `dev-${index}`;
    return new NumberedPublisher({
      ...{ port: tunna.mqttPort, credentials, device, boot: `boot-${index}`, history },
    });
  });
  const frames = new History();
  const gateway = await addCaller(tunna);
  const callers = CALLERS.map((name) => new WebhookSender(tunna, gateway, name, frames));
  const watch = new LevelWatch(tunna);
  await doHarm(tunna, { ...harm, random: createRandom(SEED) });
  await Promise.all([...publishers, ...callers].map((sender) => sender.stop()));
  await drain(tunna);
  await drain(tunna, 'webhooks');
  await watch.stop();
  return {
    sql: compare(history, await readSql(tunna)),
    api: compare(history, await readApi(tunna, PUBLISHERS), levelOf),
    webhooks: compare(frames, await readWebhooks(tunna)),
    influx:
      neighbour === undefined
        ? NOTHING_WRONG
        : compare(history, await readInflux(tunna, neighbour, PUBLISHERS), levelOf),
    regressed: watch.regressed,
    acknowledged: history.acknowledged.size,
    looks: watch.looks,
    unaccounted: await readMetric(tunna, 'tunna_messages_unaccounted'),
  };
}

function influxEnv({ url }: Influxd): Record<string, string> {
  return { TUNNA_STORE: 'influx1', TUNNA_INFLUX_URL: url, TUNNA_INFLUX_DATABASE: 'tunna' };
}

/** A network server that calls, and its sensor. */
async function addCaller(tunna: RunningTunna): Promise<Credentials> {
  await using opened = tunna.openStore();
  const sensor = { bin: 'bin-lorawan', id: CHIRPSTACK_EUI, model: MODEL };
  await addMountedDevice(opened.store, sensor, Date.now());
  const prefixes = ['uplinks/#'];
  return await addPrincipal(opened.store, { id: 'caller', kind: 'gateway', prefixes });
}

describe('killing and halting parts at random under load', () => {
  test(
    'loses, doubles, changes and invents nothing, and takes no level back',
    async ({ onTestFailed }) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'tunna-history-'));
      const file = path.join(folder, 'history.jsonl');
      onTestFailed(() => console.error(`seed ${SEED}; the history is in ${file}`));
      const history = new History(file);
      await using neighbour = hasPackage('influxdb') ? await startInfluxd() : undefined;
      const outcome = await run({ faults: FAULTS, victims: ALL_VICTIMS, neighbour, history });
      expect(outcome).toMatchObject({
        ...{ sql: NOTHING_WRONG, api: NOTHING_WRONG, webhooks: NOTHING_WRONG },
        ...{ influx: NOTHING_WRONG, regressed: [], unaccounted: 0 },
      });
      expect(outcome.acknowledged).toBeGreaterThan(PUBLISHERS * FAULTS);
      expect(outcome.looks).toBeGreaterThan(0);
      rmSync(folder, { recursive: true });
    },
    TIMEOUT_MS,
  );
});

describe('the same check', () => {
  const controls = [
    ['early-puback', 'broker', 'lost'],
    ['cursor-first', 'ingest', 'lost'],
    ['no-identity', 'broker', 'duplicate'],
  ] as const;

  test.each(controls)(
    'fails with the protection taken out: %s',
    async (sabotage, victim, kind) => {
      const harm = { faults: 3, victims: [victim], history: new History() };
      const { sql, api, unaccounted } = await run(harm, sabotage);
      expect(sql[kind].length).toBeGreaterThan(0);
      expect(api[kind].length).toBeGreaterThan(0);
      // What never came into a journal, or came twice, is in order as far as the books go.
      expect(unaccounted > 0).toBe(sabotage === 'cursor-first');
    },
    TIMEOUT_MS,
  );
});
