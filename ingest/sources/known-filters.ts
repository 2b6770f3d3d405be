import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Filters = z.array(z.string());

/**
 * The filters that the session of a source may have at its broker. MQTT has no way to ask for them, so they are remembered beside
 * the source's journal: what is configured no more can then be given up.
 */
export class KnownFilters {
  readonly #file: string;

  constructor(journalFolder: string, journal: string) {
    this.#file = join(journalFolder, `${journal}.filters.json`);
  }

  /** Without a file, or with one that makes no sense, nothing is known. */
  read(): readonly string[] {
    try {
      return Filters.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return [];
    }
  }

  /** Throws when the disk refuses. */
  write(filters: readonly string[]): void {
    const text = JSON.stringify([...new Set(filters)]);
    if (text === JSON.stringify(this.read())) return;
    writeFileSync(`${this.#file}.new`, text, { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}
