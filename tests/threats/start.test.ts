import { afterEach, beforeEach, expect, test } from 'vitest';
import { TunnaShell } from '../../cli/testing/run-tunna.ts';

let shell: TunnaShell;
beforeEach(() => {
  shell = new TunnaShell();
});
afterEach(() => shell[Symbol.dispose]());

test.each(['broker', 'dashboard', 'start'])(
  'in production tunna %s does not start where tokens would travel in the clear',
  async (part) => {
    const settings = { NODE_ENV: 'production', TUNNA_BIND: '0.0.0.0' };
    const outcome = await shell.run([part], settings);
    expect(outcome).toMatchObject({
      exitCode: 78,
      stderr: expect.stringContaining('would take tokens over MQTT without TLS'),
    });
  },
);
