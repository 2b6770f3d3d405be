import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HistoryFormat, HistoryRecord } from '../history-format.ts';

/** A folder for files to import, gone after the test. */
export class HistoryFiles implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'tunna-history-'));

  /** Writes a file, as lines or as it is, and returns its path. */
  write(name: string, content: readonly string[] | string | Uint8Array): string {
    const file = path.join(this.folder, name);
    const isLines = Array.isArray(content);
    // Safe: what is not a list of lines is text or bytes.
    writeFileSync(file, isLines ? `${content.join('\n')}\n` : (content as string | Uint8Array));
    return file;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function readAll(format: HistoryFormat, file: string): Promise<HistoryRecord[]> {
  return collect(format.read(file, () => {}));
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The document that a record becomes. */
export function documentOf({ payload }: HistoryRecord): unknown {
  return JSON.parse(Buffer.from(payload).toString('utf8'));
}
