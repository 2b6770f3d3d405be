import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runOxlint } from './oxlint.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The rule of ARCHITECTURE.md, folder by folder. What is not listed here is refused. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: [],
  store: ['domain'],
  journal: ['domain'],
  broker: ['domain', 'store', 'journal'],
  ingest: ['domain', 'store', 'journal'],
  insight: ['domain', 'store', 'journal'],
  simulator: ['domain', 'store', 'journal'],
  planner: ['domain'],
  'dashboard/api': ['domain'],
  'dashboard/server': ['domain', 'store', 'journal', 'planner', 'dashboard/api'],
  'dashboard/web': ['domain', 'dashboard/api'],
};
const RULED = Object.keys(MAY_IMPORT);
/** These may import everybody, and nobody may import them. */
const FREE = ['cli', 'bench'];

const Report = z.object({
  diagnostics: z.array(
    z.object({
      code: z.string().optional(),
      filename: z.string(),
      labels: z.array(z.object({ span: z.object({ line: z.number() }) })),
    }),
  ),
});

/** Where imports are refused, as `file:line`, each once. */
function refusedImports(folder: string): string[] {
  const { output } = runOxlint(folder, ['--format=json']);
  const { diagnostics } = Report.parse(JSON.parse(output));
  return diagnostics
    .filter((one) => one.code?.includes('no-restricted-imports'))
    .map((one) => `${one.filename}:${one.labels[0]?.span.line}`)
    .filter((place, index, all) => all.indexOf(place) === index)
    .sort();
}

/** Every way to import. The names differ from line to line, because a name declared twice would not parse. */
const FORMS = [
  (target: string, line: number) => `import { a${line} } from '${target}';`,
  (target: string, line: number) => `import type { B${line} } from '${target}';`,
  (target: string, line: number) => `export { c${line} } from '${target}';`,
  (target: string, line: number) => `export const d${line} = import('${target}');`,
];

describe('the folder directions', () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'tunna-directions-'));
  const expected: string[] = [];
  let refused: string[] = [];

  /** Writes a file that imports each target in every form, and notes which lines must be refused. */
  function writeImporter(
    file: string,
    targets: readonly { path: string; allowed: boolean }[],
  ): void {
    const lines: string[] = [];
    for (const target of targets) {
      for (const form of FORMS) {
        lines.push(form(target.path, lines.length));
        if (!target.allowed) expected.push(`${file}:${lines.length}`);
      }
    }
    mkdirSync(path.dirname(path.join(scratch, file)), { recursive: true });
    writeFileSync(path.join(scratch, file), lines.join('\n'));
  }

  beforeAll(() => {
    cpSync(path.join(ROOT, '.oxlintrc.json'), path.join(scratch, '.oxlintrc.json'));
    for (const from of RULED) {
      for (const file of [
        `${from}/importer.ts`,
        `${from}/importer.test.ts`,
        `${from}/deep/importer.ts`,
      ]) {
        const others = [...RULED, ...FREE].filter((to) => to !== from);
        writeImporter(
          file,
          others.map((to) => ({
            path: path.relative(path.dirname(file), `${to}/thing.ts`),
            allowed: MAY_IMPORT[from]?.includes(to) === true,
          })),
        );
      }
    }
    writeImporter('domain/packages.ts', [
      { path: './near.ts', allowed: true },
      { path: 'node:fs', allowed: false },
      { path: 'zod', allowed: false },
    ]);
    writeImporter('dashboard/api/packages.ts', [
      { path: './near.ts', allowed: true },
      { path: 'zod', allowed: true },
      { path: 'express', allowed: false },
      { path: 'node:fs', allowed: false },
    ]);
    refused = refusedImports(scratch);
  });

  afterAll(() => rmSync(scratch, { recursive: true }));

  test('are refused by the linter wherever they are forbidden, and nowhere else', () => {
    expect(expected.length).toBeGreaterThan(500);
    expect(refused).toEqual(expected.sort());
  });

  test('hold in every file of this project', () => {
    expect(refusedImports(ROOT)).toEqual([]);
  });

  test('are laid down for every folder that has code in it', () => {
    const inside = (folder: string) =>
      [...RULED, ...FREE, 'tests'].some((one) => folder.startsWith(`${one}/`));
    const exclude = ['node_modules/**', '.cache/**', 'data/**'];
    const files = globSync('*/**/*.{ts,tsx}', { cwd: ROOT, exclude });
    expect(files.filter((file) => !inside(file))).toEqual([]);
  });

  test('keep the product free of test code', () => {
    const files = globSync(`{${[...RULED, 'cli'].join(',')}}/**/*.{ts,tsx}`, { cwd: ROOT });
    const product = files.filter((file) => !/\.test\.tsx?$|node_modules/.test(file));
    expect(product.length).toBeGreaterThan(0);
    const offenders = product.filter((file) =>
      /from '(\.\.\/)+tests\/|\.test\.ts'/.test(readFileSync(path.join(ROOT, file), 'utf8')),
    );
    expect(offenders).toEqual([]);
  });
});
