import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dataPaths } from './data-folder.ts';

/** Notes that this process is the `tunna start` of the data folder. */
export function writeStartFile(dataFolder: string): void {
  const text = `${JSON.stringify({ pid: process.pid })}\n`;
  writeFileSync(dataPaths(dataFolder).startFile, text, { mode: 0o600 });
}

export function removeStartFile(dataFolder: string): void {
  rmSync(dataPaths(dataFolder).startFile, { force: true });
}

/** Process id of the `tunna start` that runs on this data folder. */
export function findRunningStart(dataFolder: string): number | undefined {
  try {
    const text = readFileSync(dataPaths(dataFolder).startFile, 'utf8');
    // Safe: only `tunna start` writes the file; anything else in it is no number.
    const { pid } = JSON.parse(text) as { pid?: unknown };
    if (typeof pid !== 'number') return undefined;
    process.kill(pid, 0);
    return pid;
  } catch {
    // No file, or no such process: after a power cut the file stays.
    return undefined;
  }
}
