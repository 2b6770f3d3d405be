import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { CopyProgress } from '../store/copy/copy-points.ts';

const Progress = z.object({
  from: z.string(),
  to: z.string(),
  doneBeforeMs: z.number(),
  points: z.number(),
});

/** Remembers in the data folder how far a copy between two stores is, so that the next run goes on there. */
export class CopyFile {
  readonly #file: string;
  readonly #names: { readonly from: string; readonly to: string };

  constructor(folder: string, names: { readonly from: string; readonly to: string }) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const key = createHash('sha256').update(`${names.from}\n${names.to}`).digest('hex');
    this.#file = path.join(folder, `${key.slice(0, 16)}.json`);
    this.#names = names;
  }

  /** `undefined`: nothing was copied yet, or nobody can read how much. */
  read(): CopyProgress | undefined {
    try {
      const found = Progress.safeParse(JSON.parse(readFileSync(this.#file, 'utf8')));
      return found.success ? found.data : undefined;
    } catch {
      return undefined;
    }
  }

  write(progress: CopyProgress): void {
    const text = JSON.stringify({ ...this.#names, ...progress });
    writeFileSync(`${this.#file}.new`, text, { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}
