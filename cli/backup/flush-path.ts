import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Returns when a file, or the names in a folder, are on disk. */
export function flushPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
