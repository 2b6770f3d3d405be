import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { EXPORT_FORMATS, EXPORT_NAMES, exportPlan } from '../../planner/exports/export-plan.ts';
import { sampleSheet } from '../../planner/exports/testing/sample-sheet.ts';

const MANUAL = await readFile(path.join(import.meta.dirname, '../../docs/exports.md'), 'utf8');

/** The example below the heading of a format. */
function exampleOf(name: string): readonly string[] {
  const [, block = ''] =
    new RegExp(`^## \`${name}\`[^]*?\`\`\`\\w*\\n([^]*?)\`\`\``, 'm').exec(MANUAL) ?? [];
  return block.split('\n').filter((line) => line.trim() !== '');
}

test.each(EXPORT_NAMES.filter((name) => name !== 'xlsx' && name !== 'pdf'))(
  'the example of %s is what the export writes',
  async (name) => {
    const bytes = await exportPlan(name, sampleSheet(), { language: 'en' });
    const written = new TextDecoder().decode(bytes).replaceAll('\r\n', '\n');
    const example = exampleOf(name);
    expect(example.length).toBeGreaterThan(2);
    const lines = new Set(written.split('\n').map((line) => line.trim()));
    const wrong = example.map((line) => line.trim()).filter((line) => !lines.has(line));
    expect(wrong).toEqual([]);
  },
);

test('the manual names every format with its ending and its media type', () => {
  for (const name of EXPORT_NAMES) {
    const { extension, mediaType } = EXPORT_FORMATS[name];
    const row = MANUAL.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    expect(row).toContain(`\`.${extension}\``);
    expect(row).toContain(mediaType);
    expect(MANUAL).toContain(`## \`${name}\``);
  }
});
