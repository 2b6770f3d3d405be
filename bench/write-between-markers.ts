import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Replaces a script's figures in a page of the manual. Throws when the page has no place for them. */
export async function writeBetweenMarkers(
  pageName: string,
  script: string,
  report: string,
): Promise<void> {
  const begin = `<!-- figures begin: written by \`npm run ${script} -- --write\` -->`;
  const end = '<!-- figures end -->';
  const file = path.join(ROOT, pageName);
  const page = await readFile(file, 'utf8');
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${pageName} has no place for figures of ${script}`);
  const text = `${page.slice(0, from)}${begin}\n\n${report}\n\n${page.slice(to)}`;
  await writeFile(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
