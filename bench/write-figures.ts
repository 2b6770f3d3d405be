import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';

const DOCS = path.resolve(import.meta.dirname, '../docs');
const END = '<!-- figures end -->';

/** Replaces the figures of `npm run bench:{name}` in `docs/{page}.md`. Throws when the page has no place for them. */
export async function writeFigures(
  name: 'noisy-neighbour' | 'performance' | 'policies' | 'scaling' | 'solver',
  report: string,
  document: string = name,
): Promise<void> {
  const file = path.join(DOCS, `${document}.md`);
  const beginning = `<!-- figures begin: written by \`npm run bench:${name} -- --write\` -->`;
  const page = await readFile(file, 'utf8');
  const begin = page.indexOf(beginning);
  const end = page.indexOf(END, begin);
  if (begin < 0 || end < begin) throw new Error(`${file} has no place for figures`);
  const text = `${page.slice(0, begin)}${beginning}\n\n${report}\n\n${page.slice(end)}`;
  await writeFile(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
