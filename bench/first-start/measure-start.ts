import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { dataPaths } from '../../cli/data-folder.ts';
import { openJournalReader } from '../../journal/reader.ts';
import { readState } from '../../simulator/state-file.ts';
import { readCursor } from '../../store/cursors.ts';
import type { Store } from '../../store/database.ts';
import { startTunna } from '../../tests/system/running-tunna.ts';
import type { RunningTunna } from '../../tests/system/running-tunna.ts';

/** Seconds from the start of the command, as a user would count them. */
export interface StartFigures {
  /** The page can be opened and the broker listens. */
  readonly upSeconds: number;
  /** As many bins have a level as ever get one. */
  readonly levelsSeconds: number;
  /** Every message of the history is stored, and nothing waits in the journal. */
  readonly historySeconds: number;
  readonly messages: number;
}

const POLL_MS = 50;
const DEADLINE_MS = 120_000;
/** Sensors whose clock was never set give their bins no level. */
const BINS_WITH_LEVEL = 0.97;
const BINS = 160;

/** Starts the demo town in an empty data folder, follows it until its history is stored, and throws it away. */
export async function measureStart(): Promise<StartFigures> {
  const startMs = performance.now();
  const seconds = (): number => (performance.now() - startMs) / 1000;
  await using tunna = await startTunna({ TUNNA_DEMO: '1', TUNNA_TILE_URL: 'off' });
  const upSeconds = seconds();
  await using opened = tunna.openStore();
  const { store } = opened;
  await until(async () => (await countLevels(store)) >= BINS * BINS_WITH_LEVEL);
  const levelsSeconds = seconds();
  await until(() => isHistorySent(tunna));
  await until(() => isJournalDrained(tunna, store));
  const historySeconds = seconds();
  return { upSeconds, levelsSeconds, historySeconds, messages: await countUplinks(store) };
}

async function until(isMet: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  while (!(await isMet())) {
    if (performance.now() > deadlineMs) throw new Error('The town was not there in time');
    await wait(POLL_MS);
  }
}

async function countLevels(store: Store): Promise<number> {
  const { count } = await store.db
    .selectFrom('bin_states')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

async function countUplinks(store: Store): Promise<number> {
  const { count } = await store.db
    .selectFrom('uplinks')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Whether every message of the history is acknowledged, as the simulator has written down. */
async function isHistorySent({ dataFolder }: RunningTunna): Promise<boolean> {
  const folder = dataPaths(dataFolder).simulator;
  const file = readdirSync(folder).find((name) => /^town-.*\.json$/.test(name));
  const state = file === undefined ? undefined : await readState(path.join(folder, file));
  return state?.history.nextStep === -1;
}

async function isJournalDrained({ dataFolder }: RunningTunna, store: Store): Promise<boolean> {
  const reader = openJournalReader(path.join(dataPaths(dataFolder).journals, 'mqtt.sqlite'));
  try {
    return (await readCursor(store, reader.id)) >= reader.newestSeq();
  } finally {
    reader.close();
  }
}
