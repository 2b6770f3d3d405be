import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportPlan } from '../../planner/exports/export-plan.ts';
import type { ExportName, ExportOptions } from '../../planner/exports/export-plan.ts';
import type { RunSheet } from '../../planner/exports/run-sheet.ts';

/** Files of exports in a folder of their own, gone when disposed of. */
export class ExportFolder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'tunna-exports-'));

  /** Writes a plan in a format and says where. */
  async write(
    name: ExportName,
    sheet: RunSheet,
    options: ExportOptions = { language: 'sv' },
  ): Promise<string> {
    const file = this.at(`plan.${name}`);
    await writeFile(file, await exportPlan(name, sheet, options));
    return file;
  }

  at(name: string): string {
    return path.join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
