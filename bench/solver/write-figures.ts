import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';

const PAGE = path.resolve(import.meta.dirname, '../../docs/planning.md');
const BEGIN = '<!-- solver figures begin: written by `npm run bench:solver -- --write` -->';
const END = '<!-- solver figures end -->';

/** Replaces the figures in docs/planning.md. Throws when the page has no place for them. */
export async function writeFigures(report: string): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has no place for figures`);
  const text = `${page.slice(0, begin)}${BEGIN}\n\n${report}\n\n${page.slice(end)}`;
  await writeFile(PAGE, await format(text, { ...(await resolveConfig(PAGE)), filepath: PAGE }));
}
