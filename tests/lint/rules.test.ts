import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runOxlint } from './oxlint.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** One small sin per file, and the rule that must notice it. */
const SINS: Record<string, readonly [rule: string, source: string]> = {
  'store/floating.ts': ['no-floating-promises', 'Promise.resolve(1);'],
  'store/misused.ts': ['no-misused-promises', '[1].forEach(async () => {});'],
  'store/any.ts': ['no-explicit-any', 'export const x: any = 1;'],
  'store/default.ts': ['no-default-export', 'export default 1;'],
  'store/claim.ts': ['no-non-null-assertion', 'export const x = [1][0]!;'],
  'store/env.ts': ['no-process-env', "export const x = process.env['HOME'];"],
  'store/type.ts': [
    'consistent-type-imports',
    "import { Stats } from 'node:fs';\nexport type S = Stats;",
  ],
  'store/loop.ts': ['no-cycle', "import { b } from './pool.ts';\nexport const a = () => b;"],
  'store/pool.ts': ['no-cycle', "import { a } from './loop.ts';\nexport const b = () => a;"],
  'store/long.ts': ['max-lines', 'export const x = [\n' + '  1,\n'.repeat(300) + '];'],
  'store/kinds.ts': [
    'switch-exhaustiveness-check',
    "export function f(k: 'a' | 'b') {\n  switch (k) {\n    case 'a': return 1;\n  }\n  return 2;\n}",
  ],
  'dashboard/web/markup.ts': [
    'no-restricted-properties',
    'export const f = (e: Element) => { e.innerHTML = "x"; };',
  ],
  'dashboard/web/danger.tsx': [
    'no-danger',
    'export const f = () => <p dangerouslySetInnerHTML={{ __html: "x" }} />;',
  ],
};

describe('the linter', () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'tunna-rules-'));
  let words = '';

  beforeAll(() => {
    for (const file of ['.oxlintrc.json', 'tsconfig.json']) {
      cpSync(path.join(ROOT, file), path.join(scratch, file));
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(scratch, 'node_modules'));
    for (const [file, [, source]] of Object.entries(SINS)) {
      mkdirSync(path.dirname(path.join(scratch, file)), { recursive: true });
      writeFileSync(path.join(scratch, file), source + '\n');
    }
    words = runOxlint(scratch, ['--type-aware', '--format=unix', 'store', 'dashboard']).output;
  });

  afterAll(() => rmSync(scratch, { recursive: true }));

  test.each(Object.entries(SINS))('notices what is wrong in %s', (file, [rule]) => {
    const said = words.split('\n').filter((line) => line.startsWith(`${file}:`));
    expect(said.join('\n')).toContain(`(${rule})`);
  });
});

describe('the page', () => {
  // Leaflet parses a string given to these as HTML, and a bin's name may hold any text.
  const markup =
    /\b(bindPopup|bindTooltip|setContent|setPopupContent|setTooltipContent)\(\s*['"`]|\bhtml:\s*[`'"][^`'"]/;

  test('gives Leaflet elements and never strings to show', () => {
    const files = globSync('dashboard/web/**/*.{ts,tsx}', { cwd: ROOT });
    expect(files.length).toBeGreaterThan(0);
    const offenders = files.filter((file) =>
      markup.test(readFileSync(path.join(ROOT, file), 'utf8')),
    );
    expect(offenders).toEqual([]);
  });
});
