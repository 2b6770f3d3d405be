import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of the journals in a folder, in order of name; none when there is no such folder. */
export function findJournals(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.sqlite') && !name.endsWith('.lock.sqlite'))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
