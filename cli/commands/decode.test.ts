import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TunnaShell } from '../testing/run-tunna.ts';

// Every command is a process of its own, and other tests run beside these.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let shell: TunnaShell;
beforeEach(() => {
  shell = new TunnaShell();
});
afterEach(() => shell[Symbol.dispose]());

const EM400 = ['--model', 'milesight/em400-mud', '--fport', '85'];

describe('tunna decode', () => {
  test('prints the reading of a frame as one JSON object', async () => {
    const { exitCode, stdout } = await shell.run([
      'decode',
      ...EM400,
      '01755c0367f9ff04824408050001',
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      ...{ model: 'milesight/em400-mud', kind: 'reading', observedAt: null },
      ...{ distanceMm: 2116, fillPercent: null, temperatureC: -0.7 },
      ...{ batteryV: null, batteryPercent: 92, tilted: true, alarms: [], sensorFault: null },
    });
  });

  test('takes the names that network servers use, and bytes as people write them', async () => {
    const args = ['--model', 'milesight-iot/em400-mud', '--fport', '85', '04 82 44:08'];
    const { stdout } = await shell.run(['decode', ...args]);
    expect(JSON.parse(stdout)).toMatchObject({ model: 'milesight/em400-mud', distanceMm: 2116 });
  });

  test('shows a fault as a fault, and no level', async () => {
    const { stdout } = await shell.run(['decode', ...EM400, '0482fdff']);
    expect(JSON.parse(stdout)).toMatchObject({ distanceMm: null, sensorFault: 'no target' });
  });

  test('calls a frame without telemetry a status', async () => {
    const { exitCode, stdout } = await shell.run(['decode', ...EM400, 'ff0bff']);
    expect({ exitCode, kind: JSON.parse(stdout).kind }).toEqual({ exitCode: 0, kind: 'status' });
  });

  test.each([
    { args: [...EM400, '0482'], exitCode: 1, says: 'cut short' },
    {
      args: ['--model', 'milesight/em400-mud', '--fport', '3', '048244'],
      exitCode: 1,
      says: 'fPort 3',
    },
    { args: [...EM400, '048'], exitCode: 2, says: 'pairs of the digits' },
    { args: ['--model', 'acme/bin', '0482'], exitCode: 2, says: 'no codec for the model acme/bin' },
    { args: ['0482'], exitCode: 2, says: '--model' },
    { args: EM400, exitCode: 2, says: 'bytes are missing' },
  ])('refuses $args in one line', async ({ args, exitCode, says }) => {
    const outcome = await shell.run(['decode', ...args]);
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(outcome.stderr.trim().split('\n')).toEqual([expect.stringContaining(says)]);
  });

  test('lists every model with what its codec rests on', async () => {
    expect((await shell.run(['decode', '--list'])).stdout).toMatch(
      /^dingtek\/df702 +Dingtek DF702 +vectors$/m,
    );
    const list: unknown = JSON.parse((await shell.run(['decode', '--list', '--json'])).stdout);
    expect(list).toContainEqual({
      ...{ model: 'netvox/r718x', name: 'Netvox R718X', maker: 'Netvox', evidence: 'vectors' },
    });
  });
});
