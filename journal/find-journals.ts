import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** How the names of damaged journals that were moved aside differ. */
const MOVED_ASIDE = /-damaged-\d{8}t\d+z\.sqlite$|\.corrupt\.\d{8}t\d+z$/;

/** Paths of damaged journals that were moved aside in a folder, in order of name. */
export function findMovedAside(folder: string): string[] {
  return listFiles(folder).filter((file) => MOVED_ASIDE.test(file));
}

/** Paths of the journals in a folder, in order of name; none when there is no such folder. */
export function findJournals(folder: string): string[] {
  return listFiles(folder).filter(
    (file) => file.endsWith('.sqlite') && !file.endsWith('.lock.sqlite'),
  );
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
