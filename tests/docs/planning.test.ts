import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkPlan } from '../../planner/check/check-plan.ts';
import { readProblem } from '../../planner/formats/read-problem.ts';
import { VIOLATION_KINDS } from '../../planner/check/violation.ts';
import { problemFileTables } from './problem-file-tables.ts';

const PAGE = readFileSync(new URL('../../docs/planning.md', import.meta.url), 'utf8');

/** Cells of the table whose first heading is given, without the marks for code. */
function readTable(heading: string): string[][] {
  const lines = PAGE.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} `));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

describe('docs/planning.md', () => {
  test.each(problemFileTables())(
    'has the fields of the schema under "$heading"',
    ({ heading, rows }) => {
      expect(readTable(heading)).toEqual(rows);
    },
  );

  test('lists every kind of violation, and no other', () => {
    expect(readTable('Violation').map(([kind]) => kind)).toEqual([...VIOLATION_KINDS]);
  });

  test('shows a problem file that can be read', () => {
    const [, example = ''] = /```json\n([^]*?)```/.exec(PAGE) ?? [];
    const problem = readProblem(example);
    const plan = {
      routes: [
        {
          vehicleId: 'truck-1',
          visits: [
            { kind: 'stop', id: 'bin-0001' } as const,
            { kind: 'disposal', id: 'tip' } as const,
          ],
        },
      ],
    };
    expect(checkPlan(problem, plan)).toMatchObject({ feasible: true, leftOut: ['bin-0002'] });
  });
});
