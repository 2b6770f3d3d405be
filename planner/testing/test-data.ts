import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Path of recorded data for tests, which is not part of the project: in the folder in `TUNNA_TEST_DATA`, else in
 * `shared/data` beside the repository; `undefined` when it is not there.
 */
export function findTestData(fileName: string): string | undefined {
  const folder = process.env['TUNNA_TEST_DATA'];
  const file =
    folder === undefined
      ? fileURLToPath(new URL(`../../../shared/data/${fileName}`, import.meta.url))
      : `${folder}/${fileName}`;
  return existsSync(file) ? file : undefined;
}

/** The text of such a file. */
export function readTestData(fileName: string): string | undefined {
  const file = findTestData(fileName);
  return file === undefined ? undefined : readFileSync(file, 'utf8');
}
