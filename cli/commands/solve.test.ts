import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TunnaShell } from '../testing/run-tunna.ts';

// Every command is a process of its own, and other tests run beside these.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let shell: TunnaShell;
beforeEach(() => {
  shell = new TunnaShell();
});
afterEach(() => shell[Symbol.dispose]());

/** Two trucks, six bins on a street, a tip at its end. */
const ROUND = {
  name: 'street',
  locations: Array.from({ length: 8 }, (_, index) => ({ name: `house ${index}` })),
  matrices: { truck: { seconds: street(60), metres: street(500) } },
  vehicles: ['t1', 't2'].map((id) => ({
    ...{ id, start: 0, end: 0, shift: [21_600, 36_000], mustEndEmpty: true },
    compartments: [{ litres: 1000 }],
    costs: { fixed: 10 },
    breaks: [{ id: 'lunch', window: [25_200, 28_800], seconds: 1800 }],
  })),
  stops: [1, 2, 3, 4, 5, 6].map((location) => ({
    ...{ id: `bin-${location}`, location, litres: 300, serviceSeconds: 120 },
  })),
  disposalSites: [{ id: 'tip', location: 7, serviceSeconds: 600 }],
};

function street(step: number): number[][] {
  return Array.from({ length: 8 }, (_, from) =>
    Array.from({ length: 8 }, (__, to) => Math.abs(from - to) * step),
  );
}

function write(name: string, content: unknown): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(path.join(shell.folder, name), text);
  return name;
}

/** A larger problem, on which a search goes on as long as it may. */
function town(): string {
  const rows = Array.from({ length: 300 }, (_, i) => `${i + 1} ${(i * 37) % 101} ${(i * 53) % 97}`);
  return [
    ...['NAME : town', 'DIMENSION : 300', 'EDGE_WEIGHT_TYPE : EUC_2D', 'CAPACITY : 60'],
    ...['NODE_COORD_SECTION', ...rows, 'DEMAND_SECTION'],
    ...rows.map((_, i) => `${i + 1} ${i === 0 ? 0 : 1 + (i % 5)}`),
    ...['DEPOT_SECTION', '1', '-1', 'EOF', ''],
  ].join('\n');
}

describe('tunna solve', () => {
  test('prints the routes, what they cost, and that they keep every limit', async () => {
    const file = write('street.json', ROUND);
    const { exitCode, stdout, stderr } = await shell.run(['solve', file, '--iterations', '2000']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.at(-1)).toBe('feasible yes');
    // 1800 litres are two loads, for one truck or two; each ends at the tip.
    for (const bin of ROUND.stops) expect(stdout).toContain(bin.id);
    const routes = lines.filter((line) => line.startsWith('route '));
    for (const route of routes) expect(route).toMatch(/\[tip\]( \(lunch\))?$/);
  });

  test('prints the plan as JSON, with times and a certificate', async () => {
    const file = write('street.json', ROUND);
    const { stdout } = await shell.run(['solve', file, '--iterations', '2000', '--json']);
    const plan: unknown = JSON.parse(stdout);
    expect(plan).toMatchObject({
      ...{ name: 'street', feasible: true, stopsServed: 6, leftOut: [], violations: [] },
      ...{ explanations: [], notes: [] },
    });
    expect(plan).toHaveProperty('routes.0.visits.0.arrivalSeconds');
    expect(plan).toHaveProperty('cost');
  });

  test('makes the same plan of the same seed and number of steps', async () => {
    const file = write('town.vrp', town());
    const args = ['solve', file, '--iterations', '3000', '--seed', '7'];
    const [one, other] = await Promise.all([shell.run(args), shell.run(args)]);
    expect(one.exitCode).toBe(0);
    expect(other.stdout).toBe(one.stdout);
  });

  test('reads from standard input', async () => {
    const { child, stdout } = shell.start(['solve', '-', '--iterations', '200']);
    child.stdin.end(town());
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
    expect(stdout()).toMatch(/^feasible yes$/m);
  });

  test('ends with 1 and says why when a stop that must be served is not', async () => {
    const [first, ...others] = ROUND.stops;
    const stops = [{ ...first, skills: ['crane'] }, ...others];
    const file = write('street.json', { ...ROUND, stops });
    const args = ['solve', file, '--iterations', '500'];
    const [text, json] = await Promise.all([shell.run(args), shell.run([...args, '--json'])]);
    expect(text.exitCode).toBe(1);
    expect(text.stdout).toContain(
      'stop bin-1: no vehicle can serve it: vehicle t1: the vehicle lacks a skill (would help: a vehicle with the skill)',
    );
    expect(text.stdout).toMatch(/^violation: not-served, stop bin-1$/m);
    // It is said before the search, too, so that nobody waits for nothing.
    expect(text.stderr).toContain('tunna: stop bin-1: no vehicle can serve it');
    expect(text.stderr).toContain('tunna: no plan was found that keeps every limit');
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      feasible: false,
      explanations: [{ stopId: 'bin-1', must: true, when: 'alone' }],
    });
  });

  test('takes the best plan so far at Ctrl-C', async () => {
    const file = write('town.vrp', town());
    const { child, stdout } = shell.start(['solve', file, '--seconds', '3600']);
    const closed = once(child, 'close');
    await takesSignals(child.pid);
    child.kill('SIGINT');
    await closed;
    expect(child.exitCode).toBe(0);
    expect(stdout()).toMatch(/^vehicles \d+, stops 299, distance \d+$/m);
    expect(stdout()).toMatch(/^feasible yes$/m);
  });

  test("keeps VROOM's clock, and says what it takes otherwise", async () => {
    const midnight = 1_600_387_200;
    const file = write('vroom.json', {
      vehicles: [
        { id: 1, start_index: 0, end_index: 0, time_window: [midnight + 3600, midnight + 7200] },
      ],
      jobs: [{ id: 4, location_index: 1, service: 60, priority: 5 }],
      matrices: {
        car: {
          durations: [
            [0, 100],
            [100, 0],
          ],
        },
      },
    });
    const { exitCode, stdout, stderr } = await shell.run([
      'solve',
      file,
      '--iterations',
      '10',
      '--json',
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      cost: 200,
      routes: [{ vehicleId: '1', visits: [{ id: '4', arrivalSeconds: midnight + 3700 }] }],
    });
    expect(stderr).toContain('tunna: priorities are prizes here');
  });

  test.each([
    { name: 'bad.vrp', text: 'DIMENSION : x\n', says: 'bad.vrp: line 1: "x" is not a number' },
    { name: 'bad.json', text: '{\n"stops": }', says: 'bad.json: line 2: this is no JSON' },
    { name: 'bad.json', text: '{"jobs": 5}', says: 'bad.json: vehicles: Invalid input' },
    { name: 'bad.txt', text: 'hello', says: 'bad.txt: This is none of the known forms' },
  ])('refuses $text in one line', async ({ name, text, says }) => {
    const outcome = await shell.run(['solve', write(name, text)]);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr.trim().split('\n')).toEqual([expect.stringContaining(says)]);
  });

  test.each([
    { args: ['nothing.vrp'], says: 'nothing.vrp: ' },
    { args: [], says: "missing required argument 'file'" },
    { args: ['x', '--seconds', '5', '--iterations', '5'], says: 'not both' },
    { args: ['x', '--seconds', '0'], says: 'from 1 to' },
    { args: ['x', '--threads', '65'], says: 'from 1 to 64' },
  ])('ends with 2 for $args', async ({ args, says }) => {
    const { exitCode, stderr } = await shell.run(['solve', ...args]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(says) });
  });
});

/** Waits until the command takes signals: of those it asks for, SIGHUP is the last one, and Node's own start does not ask for it. */
async function takesSignals(pid: number | undefined): Promise<void> {
  await vi.waitFor(
    () => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const [, caught = '0'] = /^SigCgt:\s*([\da-f]+)$/m.exec(status) ?? [];
      expect(BigInt(`0x${caught}`) & 1n).toBe(1n);
    },
    { timeout: 60_000, interval: 20 },
  );
}
