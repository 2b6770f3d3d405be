import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { PAGE_FOLDER } from '../../cli/page-build.ts';

/** Sizes of some files, bytes. */
export interface Sizes {
  readonly files: number;
  readonly raw: number;
  readonly gzip: number;
  readonly brotli: number;
}

export type Loading = 'first' | 'later';

/** What the page is made of, by kind of file and by when the browser asks for it. */
export async function measureSizes(
  browser: Browser,
  url: string,
): Promise<Record<'script' | 'style', Record<Loading, Sizes>>> {
  const asked = await listFirstLoad(browser, url);
  const assets = readdirSync(path.join(PAGE_FOLDER, 'assets')).sort();
  const sum = (ending: string, loading: Loading): Sizes =>
    sumSizes(
      assets.filter((name) => name.endsWith(ending) && asked.has(name) === (loading === 'first')),
    );
  return {
    script: { first: sum('.js', 'first'), later: sum('.js', 'later') },
    style: { first: sum('.css', 'first'), later: sum('.css', 'later') },
  };
}

/** Names of the files that the browser loads until bins are on the map. */
async function listFirstLoad(browser: Browser, url: string): Promise<Set<string>> {
  const page = await browser.newPage();
  try {
    const names = new Set<string>();
    page.on('request', (request) => names.add(path.basename(new URL(request.url()).pathname)));
    await page.goto(url);
    await page.locator('html[data-ready]').waitFor();
    return names;
  } finally {
    await page.close();
  }
}

function sumSizes(names: readonly string[]): Sizes {
  const files = names.map((name) => readFileSync(path.join(PAGE_FOLDER, 'assets', name)));
  const total = (measure: (file: Buffer) => number): number =>
    files.reduce((sum, file) => sum + measure(file), 0);
  return {
    files: files.length,
    raw: total((file) => file.length),
    gzip: total((file) => gzipSync(file, { level: 9 }).length),
    brotli: total((file) => brotliCompressSync(file).length),
  };
}
