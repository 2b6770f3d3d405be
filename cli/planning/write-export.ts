import { writeFileSync } from 'node:fs';
import { errorText } from '../../domain/error-text.ts';
import { dateAt, DEFAULT_TIME_ZONE } from '../../planner/exports/day-clock.ts';
import { ExportError } from '../../planner/exports/export-error.ts';
import { EXPORT_FORMATS, exportPlan } from '../../planner/exports/export-plan.ts';
import type { ExportName } from '../../planner/exports/export-plan.ts';
import { makeRunSheet } from '../../planner/exports/make-run-sheet.ts';
import { countUnplaced } from '../../planner/exports/positions.ts';
import type { Language } from '../../planner/exports/words.ts';
import type { Plan } from '../../planner/problem/plan.ts';
import type { Problem } from '../../planner/problem/problem.ts';
import { EXIT, Refusal } from '../exit-codes.ts';

export interface ExportOrder {
  readonly format: ExportName;
  readonly file: string;
  /** Today when left out. */
  readonly date?: string;
  readonly timeZone?: string;
  readonly language: Language;
  readonly link?: string;
  readonly co2GramsPerKm?: number;
}

/** Writes a plan to a file. Says on standard error what the file has to leave out. @throws Refusal when it cannot be written. */
export async function writeExport(
  problem: Problem,
  plan: Plan,
  order: ExportOrder,
  nowMs: number,
): Promise<void> {
  const { format, file, timeZone = DEFAULT_TIME_ZONE, co2GramsPerKm, language, link } = order;
  const sheet = makeRunSheet(problem, plan, {
    title: problem.name,
    day: { date: order.date ?? dateAt(nowMs, timeZone), timeZone },
    madeAtMs: nowMs,
    ...(co2GramsPerKm === undefined ? {} : { co2GramsPerKm }),
  });
  try {
    const options = { language, ...(link === undefined ? {} : { link }) };
    writeFileSync(file, await exportPlan(format, sheet, options));
  } catch (error) {
    if (error instanceof ExportError)
      throw new Refusal(EXIT.failure, `${format}: ${error.message}`);
    throw new Refusal(EXIT.failure, `${file}: ${errorText(error)}`, { cause: error });
  }
  const unplaced = countUnplaced(sheet);
  if (EXPORT_FORMATS[format].needsPositions && unplaced > 0) {
    process.stderr.write(`${format}: places without a position are left out: ${unplaced}\n`);
  }
}
