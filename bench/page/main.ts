import { parseArgs } from 'node:util';
import { buildPage, isPageFresh } from '../../cli/page-build.ts';
import { launchBrowser } from '../../tests/servers/browser.ts';
import { describeRun } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { formatRounds } from '../statistics.ts';
import { measureList } from './measure-list.ts';
import type { ListFigures } from './measure-list.ts';
import { measurePage } from './measure-page.ts';
import type { PageFigures } from './measure-page.ts';
import { measureSizes } from './script-sizes.ts';
import type { Sizes } from './script-sizes.ts';
import { startDashboard } from './start-dashboard.ts';

// Size of the page's scripts, and the time it takes to put many bins on the map and to move it. Prints Markdown; what
// goes on meanwhile goes to stderr.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    bins: { type: 'string', default: '10000,100000' },
    slowdowns: { type: 'string', default: '1,4' },
  },
});
const rounds = Number(values.rounds);
const slowdowns = values.slowdowns.split(',').map(Number);

interface Column {
  readonly title: string;
  readonly list: readonly ListFigures[];
  readonly visits: readonly PageFigures[];
}

const intro = describeRun();
if (!isPageFresh()) await buildPage();
const columns: Column[] = [];
let sizes: Awaited<ReturnType<typeof measureSizes>> | undefined;
const browser = await launchBrowser();
try {
  for (const bins of values.bins.split(',').map(Number)) {
    process.stderr.write(`making a town of ${bins} bins\n`);
    await using dashboard = await startDashboard(bins);
    const url = `http://127.0.0.1:${dashboard.port}/`;
    sizes ??= await measureSizes(browser, url);
    const list = [await measureList(url)];
    for (const slowdown of slowdowns) {
      const visits: PageFigures[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const visit = await measurePage(browser, url, slowdown);
        process.stderr.write(
          `${bins} bins, CPU ${slowdown} times slower: ${JSON.stringify(visit)}\n`,
        );
        visits.push(visit);
      }
      const count = bins.toLocaleString('en-GB');
      columns.push({ title: `${count}, CPU/${slowdown}`, list, visits });
    }
  }
} finally {
  await browser.close();
}

const version = `Chromium ${browser.version()}, headless, drawing by CPU, window 1200 x 800`;
process.stdout.write(`${intro}\n- ${version}; median of ${rounds} visits (lowest–highest)\n\n`);
if (sizes !== undefined) process.stdout.write(`${sizeTable(sizes)}\n\n`);
process.stdout.write(`${pageTable(columns)}\n`);

function sizeTable({ script, style }: NonNullable<typeof sizes>): string {
  const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);
  const row = (title: string, { files, raw, gzip, brotli }: Sizes): string[] => [
    title,
    String(files),
    ...[raw, gzip, brotli].map(kilobytes),
  ];
  return markdownTable(
    ['', 'files', 'raw kB', 'gzip kB', 'brotli kB'],
    [
      row('scripts of the first load', script.first),
      row('scripts loaded when needed', script.later),
      row('styles of the first load', style.first),
      row('styles loaded when needed', style.later),
    ],
  );
}

function pageTable(all: readonly Column[]): string {
  const row = (title: string, read: (visit: PageFigures) => number): string[] => [
    title,
    ...all.map(({ visits }) => formatRounds(visits.map(read))),
  ];
  const listRow = (title: string, read: (list: ListFigures) => number): string[] => [
    title,
    ...all.map(({ list }) => formatRounds(list.map(read))),
  ];
  const movement = (
    title: string,
    read: (visit: PageFigures) => PageFigures['pan'],
  ): string[][] => [
    row(`${title}: median frame, ms`, (visit) => read(visit).medianFrameMs),
    row(`${title}: worst frame, ms`, (visit) => read(visit).worstFrameMs),
    row(`${title}: until at rest, ms`, (visit) => read(visit).durationMs),
  ];
  return markdownTable(
    ['bins', ...all.map(({ title }) => title)],
    [
      listRow('list of bins, MB of JSON', ({ rawBytes }) => rawBytes / 1e6),
      listRow('list: first answer, ms', ({ firstMs }) => firstMs),
      listRow('list: again, ms', ({ againMs }) => againMs),
      row('navigation until bins are drawn, ms', ({ drawnMs }) => drawnMs),
      row('longest task until then, ms', ({ longestTaskMs }) => longestTaskMs),
      row('JavaScript heap, MiB', ({ heapMib }) => heapMib),
      row('points drawn', ({ points }) => points),
      ...movement('pan', ({ pan }) => pan),
      ...movement('zoom', ({ zoom }) => zoom),
      row('points drawn after the zoom', ({ nearPoints }) => nearPoints),
      ...movement('pan after the zoom', ({ nearPan }) => nearPan),
    ],
  );
}
