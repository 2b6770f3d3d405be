import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { errorText } from '../../domain/error-text.ts';
import { EXIT, Refusal } from '../exit-codes.ts';

const ENDINGS = new Set(['.ndjson', '.jsonl', '.json']);

/** The file itself, or the recordings in a folder by their names. Throws a {@link Refusal} when there are none. */
export function findRecordings(place: string): string[] {
  try {
    if (!statSync(place).isDirectory()) return [place];
    const names = readdirSync(place).filter((name) =>
      ENDINGS.has(path.extname(name).toLowerCase()),
    );
    if (names.length > 0) return names.toSorted().map((name) => path.join(place, name));
  } catch (error) {
    throw new Refusal(EXIT.failure, `${place} cannot be read: ${errorText(error)}`, {
      cause: error,
    });
  }
  throw new Refusal(EXIT.failure, `there is no ${[...ENDINGS].join(', ')} file in ${place}`);
}
