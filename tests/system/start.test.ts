import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BinList, ReadingSeries } from '../../dashboard/api/bins.ts';
import type { BinSummary } from '../../dashboard/api/bins.ts';
import { BinsEvent, PageSettings } from '../../dashboard/api/town.ts';
import { followEvents } from '../../dashboard/server/testing/follow-events.ts';
import { freePort } from '../servers/free-port.ts';
import { membersOfGroup } from './running-tunna.ts';

/** What a user gets who types `npm start`, and what nobody gets in production. */

const ROOT = path.resolve(import.meta.dirname, '../..');
const DAY_MS = 24 * 3_600_000;

/** For what hangs: other tests share the machine. */
const PATIENCE = { timeout: 120_000, interval: 100 };
vi.setConfig({ testTimeout: 300_000 });

let folder: string;
let child: ChildProcess | undefined;
let output: string;
let port: number;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tunna-user-'));
  output = '';
});

afterEach(() => {
  const group = child?.pid;
  for (const pid of group === undefined ? [] : membersOfGroup(group)) process.kill(pid, 'SIGKILL');
  child = undefined;
  rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 });
});

/** Runs a command in a group of processes of its own, as a shell does in a terminal. */
async function run(command: string, args: string[], env: Record<string, string>): Promise<void> {
  port = await freePort();
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('TUNNA_') && name !== 'NODE_ENV',
  );
  child = spawn(command, args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(inherited),
      TUNNA_DATA_DIR: path.join(folder, 'data'),
      TUNNA_HTTP_PORT: String(port),
      TUNNA_MQTT_PORT: String(await freePort()),
      TUNNA_MQTT_WS_PORT: String(await freePort()),
      TUNNA_TILE_URL: 'off',
      ...env,
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
}

async function getJson(route: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${route}`);
  if (!response.ok) throw new Error(`${route} answered ${response.status}`);
  return response.json();
}

async function awaitBins(isAsWanted: (bins: readonly BinSummary[]) => boolean) {
  return vi.waitFor(async () => {
    if (child?.exitCode !== null) throw new Error(`It has ended: ${output}`);
    const { bins } = BinList.parse(await getJson('/bins'));
    if (!isAsWanted(bins)) throw new Error(`Not yet: ${bins.length} bins\n${output}`);
    return bins;
  }, PATIENCE);
}

const isLive = ({ fillPercent, state }: BinSummary): boolean =>
  fillPercent !== null && ['ok', 'full', 'overfull'].includes(state);

/** Days of the last month for which a bin has readings. */
async function countDays(binId: string, nowMs: number): Promise<number> {
  const from = new Date(nowMs - 30 * DAY_MS).toISOString();
  const query = new URLSearchParams({ from, resolution: '86400' });
  const series = ReadingSeries.parse(await getJson(`/bins/${binId}/readings?${query.toString()}`));
  return series.buckets.length;
}

test('npm start brings up a town of 160 bins with live levels and 30 days behind each; Ctrl-C ends it all', async () => {
  await run('npm', ['start'], {});
  // All but those whose first messages are lost on the air, as happens to real ones.
  const bins = await awaitBins((all) => all.length === 160 && all.filter(isLive).length >= 150);
  expect(PageSettings.parse(await getJson('/page-settings')).demo).toBe(true);

  await using stream = await followEvents(port);
  const levels = new Map(bins.map(({ id, observedAt }) => [id, observedAt]));
  await vi.waitUntil(() => {
    const events = stream.events.filter(({ type }) => type === 'bins');
    const told = events.flatMap(({ data }) => BinsEvent.parse(data).bins);
    return told.some(({ id, observedAt }) => levels.get(id) !== observedAt);
  }, PATIENCE);

  await vi.waitFor(async () => {
    const days = await Promise.all(bins.map(({ id }) => countDays(id, Date.now())));
    expect(Math.min(...days)).toBeGreaterThanOrEqual(30);
  }, PATIENCE);

  const group = Number(child?.pid);
  expect(membersOfGroup(group).length).toBeGreaterThanOrEqual(6);
  process.kill(-group, 'SIGINT');
  if (child?.exitCode === null) await once(child, 'exit');
  // Depending on its version npm ends as what it ran does, or by the signal, which a shell shows as 130.
  expect([0, 130, 'SIGINT']).toContain(child?.exitCode ?? child?.signalCode);
  await vi.waitFor(() => expect(membersOfGroup(group)).toEqual([]), PATIENCE);
  // A part that takes too long for the promised five seconds is killed, and that is told.
  expect(output).toContain('everything has stopped');
  expect(output).not.toContain('was killed');
});

test('production starts without a town, and refuses to be given one', async () => {
  const main = path.join(ROOT, 'cli/main.ts');
  await run(process.execPath, [main, 'start'], { NODE_ENV: 'production' });
  expect(await awaitBins(() => true)).toEqual([]);
  expect(PageSettings.parse(await getJson('/page-settings')).demo).toBe(false);
  const group = Number(child?.pid);
  await vi.waitFor(() => expect(output).toContain('Tunna is up'), PATIENCE);
  expect(output).not.toContain('simulator');
  process.kill(-group, 'SIGTERM');
  if (child?.exitCode === null) await once(child, 'exit');
  expect(child?.exitCode).toBe(0);
  expect(membersOfGroup(group)).toEqual([]);

  for (const [args, env] of [
    [['start'], { TUNNA_DEMO: '1' }],
    [['simulate'], {}],
    [['simulate', '--bins', '10', '--rate', '5'], {}],
  ] as const) {
    output = '';
    await run(process.execPath, [main, ...args], { NODE_ENV: 'production', ...env });
    if (child !== undefined) await once(child, 'close');
    expect(child?.exitCode).toBe(78);
    expect(output).toMatch(/^tunna: .*\n$/);
  }
});
