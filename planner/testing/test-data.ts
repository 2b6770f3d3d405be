import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Text of a published instance for tests, which is not part of the project: from the folder in `TUNNA_TEST_DATA`, else from
 * `shared/data` beside the repository; `undefined` when it is not there.
 */
export function readTestData(fileName: string): string | undefined {
  const folder = process.env['TUNNA_TEST_DATA'];
  const file =
    folder === undefined
      ? fileURLToPath(new URL(`../../../shared/data/${fileName}`, import.meta.url))
      : `${folder}/${fileName}`;
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
