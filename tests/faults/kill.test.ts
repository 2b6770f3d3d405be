import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../simulator/random.ts';
import { drain, readMetric } from '../system/conservation.ts';
import { startTunna } from '../system/running-tunna.ts';
import { addTown } from '../system/town-of-devices.ts';
import { compare, History, NOTHING_WRONG } from './history.ts';
import type { Findings } from './history.ts';
import { LevelWatch } from './level-watch.ts';
import { ALL_VICTIMS, doHarm } from './nemesis.ts';
import type { Harm } from './nemesis.ts';
import { NumberedPublisher } from './numbered-publisher.ts';
import { levelOf, readApi, readSql } from './readers.ts';
import { sabotageEnv } from './sabotage.ts';
import type { SabotageName } from './sabotage.ts';

const PUBLISHERS = 40;
/** `npm run test:faults -- --kills 200` asks for more. */
const FAULTS = Number(process.env['TUNNA_TEST_KILLS'] ?? 12);
const SEED = Number(process.env['TUNNA_TEST_SEED'] ?? Math.floor(Date.now() % 1_000_000));
/** Starting parts anew takes seconds on a busy machine. */
const TIMEOUT_MS = 120_000 + FAULTS * 15_000;

interface Outcome {
  readonly sql: Findings;
  readonly api: Findings;
  readonly regressed: readonly string[];
  readonly acknowledged: number;
  readonly looks: number;
  /** What the metrics say of messages that were acknowledged and became nothing. */
  readonly unaccounted: number;
}

/** Publishes, does harm, waits until all is stored, and compares what every reader returns. */
async function run(
  harm: Pick<Harm, 'faults' | 'victims' | 'history'>,
  sabotage?: SabotageName,
): Promise<Outcome> {
  const { history } = harm;
  await using tunna = await startTunna(sabotage === undefined ? {} : sabotageEnv(sabotage));
  if (sabotage === 'cursor-first') tunna.expectBrokenBooks();
  const credentials = await addTown(tunna, PUBLISHERS);
  const publishers = Array.from({ length: PUBLISHERS }, (_, index) => {
    const device = `dev-${index}`;
    return new NumberedPublisher({
      ...{ port: tunna.mqttPort, credentials, device, boot: `boot-${index}`, history },
    });
  });
  const watch = new LevelWatch(tunna);
  await doHarm(tunna, { ...harm, random: createRandom(SEED) });
  await Promise.all(publishers.map((publisher) => publisher.stop()));
  await drain(tunna);
  await watch.stop();
  return {
    sql: compare(history, await readSql(tunna)),
    api: compare(history, await readApi(tunna, PUBLISHERS), levelOf),
    regressed: watch.regressed,
    acknowledged: history.acknowledged.size,
    looks: watch.looks,
    unaccounted: await readMetric(tunna, 'tunna_messages_unaccounted'),
  };
}

describe('killing and halting parts at random under load', () => {
  test(
    'loses, doubles, changes and invents nothing, and takes no level back',
    async ({ onTestFailed }) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'tunna-history-'));
      const file = path.join(folder, 'history.jsonl');
      onTestFailed(() => console.error(`seed ${SEED}; the history is in ${file}`));
      const history = new History(file);
      const outcome = await run({ faults: FAULTS, victims: ALL_VICTIMS, history });
      expect(outcome).toMatchObject({
        ...{ sql: NOTHING_WRONG, api: NOTHING_WRONG, regressed: [], unaccounted: 0 },
      });
      expect(outcome.acknowledged).toBeGreaterThan(PUBLISHERS * FAULTS);
      expect(outcome.looks).toBeGreaterThan(FAULTS);
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
