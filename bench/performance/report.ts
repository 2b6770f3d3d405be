import { markdownTable } from '../markdown-table.ts';
import { formatRounds } from '../statistics.ts';
import type { GrowthRow } from './measure-growth.ts';
import type { LoadFigures } from './measure-load.ts';
import type { Contest } from './plan.ts';
import { judge } from './targets.ts';
import type { Results, Rounds } from './targets.ts';

/** The page's figures, in Markdown. */
export function writeReport(
  intro: string,
  contests: readonly Contest[],
  results: Results,
  growth: readonly GrowthRow[],
): string {
  const sections = [
    intro,
    '### What was aimed at',
    verdictTable(results),
    ...contests.flatMap((contest) => {
      const rounds = results.contests.get(contest.title);
      return rounds === undefined ? [] : [`### ${title(contest)}`, contestTable(contest, rounds)];
    }),
  ];
  if (results.idleKib.size > 0) {
    const rows = [...results.idleKib].map(([name, kib]) => [name, formatRounds(kib)]);
    sections.push('### Idle connections', markdownTable(['broker', 'KiB per connection'], rows));
  }
  if (growth.length > 0) sections.push('### More bins', growthTable(growth));
  return sections.join('\n\n');
}

function title({ title: text, load }: Contest): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}, ${load.messages.toLocaleString('en')} messages`;
}

function verdictTable(results: Results): string {
  const rows = judge(results).map(({ aim, found, isReached }) => [
    aim,
    found,
    isReached === undefined ? '–' : isReached ? 'yes' : '**no**',
  ]);
  return markdownTable(['aim', 'found', 'reached'], rows);
}

function contestTable({ stores }: Contest, rounds: Rounds): string {
  const storing = stores ? ['stored', 'stored/s'] : [];
  const head = ['', ...storing, 'acked/s', 'PUBACK p50 ms', 'PUBACK p99 ms', 'CPU µs per message'];
  const rows = [...rounds].map(([name, figures]) => {
    const cell = (read: (one: LoadFigures) => number): string => formatRounds(figures.map(read));
    return [
      name,
      ...(stores
        ? [
            cell(({ stored, acked }) => (stored / acked) * 100) + ' %',
            cell(({ storedPerSecond }) => storedPerSecond),
          ]
        : []),
      cell(({ ackedPerSecond }) => ackedPerSecond),
      cell(({ ackP50Ms }) => ackP50Ms),
      cell(({ ackP99Ms }) => ackP99Ms),
      describeCpu(figures),
    ];
  });
  return markdownTable(head, rows);
}

function describeCpu(figures: readonly LoadFigures[]): string {
  const names = Object.keys(figures[0]?.cpuMicros ?? {});
  return names
    .map((name) => `${name} ${formatRounds(figures.map((one) => one.cpuMicros[name] ?? 0))}`)
    .join(', ');
}

function growthTable(growth: readonly GrowthRow[]): string {
  const head = ['bins', 'PUBACK p50 / p99 ms', 'stored p50 / p99 ms', 'page p50 / p99 ms'];
  const rows = growth.map(({ bins, rounds }) => {
    const pair = (low: 'ackP50Ms' | 'storedP50Ms' | 'seenP50Ms'): string => {
      const high = low.replace('P50', 'P99');
      // Safe: each of the three has a twin of this name.
      const twin = high as 'ackP99Ms' | 'storedP99Ms' | 'seenP99Ms';
      const cell = (name: typeof low | typeof twin): string =>
        formatRounds(rounds.map((one) => one[name]));
      return `${cell(low)} / ${cell(twin)}`;
    };
    return [bins.toLocaleString('en'), pair('ackP50Ms'), pair('storedP50Ms'), pair('seenP50Ms')];
  });
  return markdownTable(head, rows);
}
