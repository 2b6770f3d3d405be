import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SimulatorState, readState, writeState } from './state-file.ts';

const STATE: SimulatorState = {
  version: 1,
  seed: 7,
  binCount: 160,
  starts: 3,
  townMs: 1_790_000_000_000,
  history: { endMs: 1_780_000_000_000, days: 30, stepSeconds: 7200, nextStep: 12 },
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunna-state-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('a state that was written is read back, and no draft is left behind', async () => {
  const path = join(folder, 'simulator.json');
  await writeState(path, { ...STATE, starts: 2 });
  await writeState(path, STATE);
  expect(await readState(path)).toEqual(STATE);
  expect(await readdir(folder)).toEqual(['simulator.json']);
});

test('without a file there is no state', async () => {
  expect(await readState(join(folder, 'none.json'))).toBeUndefined();
});

test.each(['{"version":1', '{"version":2}', ''])(
  'a damaged file %j is refused with advice',
  async (text) => {
    const path = join(folder, 'simulator.json');
    await writeFile(path, text);
    await expect(readState(path)).rejects.toThrow(/damaged: delete it/);
  },
);
