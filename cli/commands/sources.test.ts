import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EXIT } from '../exit-codes.ts';
import { TunnaShell } from '../testing/run-tunna.ts';

let shell: TunnaShell;
beforeEach(() => {
  shell = new TunnaShell();
});
afterEach(() => shell[Symbol.dispose]());

const SETTINGS = { TUNNA_SOURCES: 'sources.json', TUNNA_DEMO: '0' };

function writeSources(document: unknown): void {
  writeFileSync(path.join(shell.folder, 'sources.json'), JSON.stringify(document));
}

const BASE = { url: 'mqtt://127.0.0.1:1', topics: ['#'] };

describe('a sources file with a mistake', () => {
  test.each(['start', 'ingest'])('keeps tunna %s from starting', async (command) => {
    writeSources([{ name: 'city', mqtt: { ...BASE, topic: 'x', password: 'hunter2' } }]);
    const { exitCode, stderr } = await shell.run([command], SETTINGS);
    expect(exitCode).toBe(EXIT.config);
    expect(stderr).toContain('[0].mqtt.topic is not known here; did you mean topics?');
    expect(stderr).toContain('[0].mqtt.password must not stand here');
    expect(stderr).not.toContain('hunter2');
  });

  test.each(['start', 'ingest'])(
    'keeps tunna %s from starting without a secret',
    async (command) => {
      await shell.run(['migrate']);
      const mqtt = { ...BASE, username: 'u', passwordFile: 'secrets/city' };
      writeSources([{ name: 'city', mqtt }]);
      const { exitCode, stderr } = await shell.run([command], SETTINGS);
      expect(exitCode).toBe(EXIT.config);
      expect(stderr).toContain('TUNNA_SOURCES: the source city: passwordFile: ENOENT');
    },
  );
});

test('tunna doctor says which source cannot be reached', async () => {
  writeSources([
    { name: 'city', mqtt: BASE },
    { name: 'hook', envelope: 'loriot' },
  ]);
  const { exitCode, stdout } = await shell.run(['doctor', '--json'], SETTINGS);
  expect(exitCode).toBe(EXIT.failure);
  const sources = JSON.parse(stdout).filter(({ name }: { name: string }) =>
    name.startsWith('source'),
  );
  expect(sources).toEqual([
    {
      name: 'source city',
      verdict: 'fail',
      detail: expect.stringMatching(/^mqtt:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/),
    },
  ]);
});
