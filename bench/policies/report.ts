import { markdownTable } from '../markdown-table.ts';
import type { PolicyKind } from './assignment.ts';
import { AIMED_SERVICE_LEVEL, meanOf, serviceOf } from './contest.ts';
import type { Standing, Tried } from './contest.ts';

export interface ContestResult {
  readonly worldName: string;
  readonly seeds: readonly number[];
  readonly days: number;
  readonly standings: readonly Standing[];
}

/** One world's tables, in Markdown. */
export function reportContest({ worldName, seeds, days, standings }: ContestResult): string {
  return [
    `### ${worldName.charAt(0).toUpperCase()}${worldName.slice(1)}, ${days} days, seeds ${seeds.join(', ')}`,
    verdicts(standings),
    'Each policy with the first of its parameters that reaches the service level; means of the seeds.',
    markdownTable(
      [
        '',
        'km/day',
        'hours/day',
        'stops/day',
        'fill at emptying',
        'overflow bin-hours/day',
        'service level',
        'missed musts',
      ],
      standings.map(({ best }) => [best.label, ...cells(best)]),
    ),
    'Seed by seed, km/day at service level:',
    markdownTable(
      ['', ...seeds.map((seed) => `seed ${seed}`)],
      standings.map(({ kind, best }) => [
        kind,
        ...best.outcomes.map(
          ({ km, days: of, serviceLevel }) =>
            `${(km / of).toFixed(1)} at ${serviceLevel.toFixed(2)} %`,
        ),
      ]),
    ),
    'What was tried on the way (km only where routes were planned):',
    markdownTable(
      ['', 'service level', 'stops/day', 'km/day'],
      standings.flatMap(({ tried }) =>
        tried.map((one) => [
          one.label,
          `${serviceOf(one).toFixed(2)} %`,
          perDay(one, 'stops').toFixed(0),
          one.routed ? perDay(one, 'km').toFixed(1) : '–',
        ]),
      ),
    ),
  ].join('\n\n');
}

function perDay({ outcomes }: Tried, what: 'km' | 'hours' | 'stops' | 'overflowBinHours'): number {
  return meanOf(outcomes, (one) => one[what] / one.days);
}

function cells(tried: Tried): string[] {
  return [
    perDay(tried, 'km').toFixed(1),
    perDay(tried, 'hours').toFixed(1),
    perDay(tried, 'stops').toFixed(0),
    `${meanOf(tried.outcomes, ({ fillAtEmptying }) => fillAtEmptying).toFixed(0)} %`,
    perDay(tried, 'overflowBinHours').toFixed(1),
    `${serviceOf(tried).toFixed(2)} %`,
    String(tried.outcomes.reduce((sum, { missedMusts }) => sum + missedMusts, 0)),
  ];
}

function verdicts(standings: readonly Standing[]): string {
  const ours = find(standings, 'prizes');
  const rows = [
    versus(
      ours,
      find(standings, 'threshold'),
      'at least 25 % fewer km than the best threshold',
      -25,
    ),
    versus(
      ours,
      find(standings, 'soonest full'),
      'at least 35 % fewer km than the soonest full',
      -35,
    ),
    versus(ours, find(standings, 'oracle'), 'at most 5 % more km than the oracle', 5),
  ];
  return markdownTable(['aim', 'found', 'reached'], rows);
}

function find(standings: readonly Standing[], kind: PolicyKind): Tried {
  const found = standings.find((standing) => standing.kind === kind);
  if (found === undefined) throw new Error(`${kind} did not take part`);
  return found.best;
}

/** Reached only where both are at the service level: otherwise they are not comparable. */
function versus(ours: Tried, other: Tried, aim: string, most: number): string[] {
  const percent = 100 * (perDay(ours, 'km') / perDay(other, 'km') - 1);
  const equal = [ours, other].every((one) => serviceOf(one) >= AIMED_SERVICE_LEVEL);
  const found = `${percent > 0 ? '+' : ''}${percent.toFixed(1)} %`;
  const verdict = percent <= most ? 'yes' : '**no**';
  return [aim, found, equal ? verdict : '**not at the service level**'];
}
