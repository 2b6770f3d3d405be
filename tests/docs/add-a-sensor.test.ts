import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CODECS_FOLDER = path.join(ROOT, 'ingest/codecs');
const VITEST = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
const TSC = path.join(ROOT, 'node_modules/typescript/bin/tsc');
const page = readFileSync(path.join(ROOT, 'docs/add-a-sensor.md'), 'utf8');
const [codec = '', test = ''] = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);

mkdirSync(path.join(ROOT, '.cache'), { recursive: true });
/** Below the repository, so that its packages are found. */
const folder = mkdtempSync(path.join(ROOT, '.cache/add-a-sensor-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = promisify(execFile);

describe('docs/add-a-sensor.md', () => {
  it('adds a sensor in under 60 lines', () => {
    const lines = `${codec}${test}`.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeGreaterThan(30);
    // Two more go into the registry.
    expect(lines.length + 2).toBeLessThan(60);
  });

  it('shows a codec and a test that work as they stand there', async () => {
    const atHome = codec.replaceAll(/from '\.\/(?!acme)/g, `from '${CODECS_FOLDER}/`);
    expect(atHome).not.toBe(codec);
    writeFileSync(path.join(folder, 'acme.ts'), atHome);
    writeFileSync(path.join(folder, 'acme.test.ts'), test);
    writeFileSync(path.join(folder, 'vitest.config.ts'), 'export default {};\n');
    const { stdout } = await run(process.execPath, [VITEST, 'run', '--root', folder]);
    expect(stdout).toMatch(/Tests.*8 passed/);
    const extended = JSON.stringify({
      extends: path.join(ROOT, 'tsconfig.json'),
      include: [path.join(folder, '*.ts')],
      exclude: [],
      compilerOptions: { typeRoots: [path.join(ROOT, 'node_modules/@types')] },
    });
    writeFileSync(path.join(folder, 'tsconfig.json'), extended);
    expect(await run(process.execPath, [TSC, '-p', folder])).toMatchObject({ stdout: '' });
  });
});
