import { existsSync, readFileSync } from 'node:fs';

/**
 * Recorded data for tests, which is not part of the project: JSON from the folder in `TUNNA_TEST_DATA`, else
 * from `shared/data` beside the repository; `undefined` when it is not there.
 */
export function readTestData(fileName: string): unknown {
  const folder = process.env['TUNNA_TEST_DATA'];
  const path =
    folder === undefined
      ? new URL(`../../../shared/data/${fileName}`, import.meta.url)
      : `${folder}/${fileName}`;
  if (!existsSync(path)) return undefined;
  return JSON.parse(readFileSync(path, 'utf8'));
}
