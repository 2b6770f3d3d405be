import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const Credentials = z.record(z.string(), z.string());

/** Tokens of the simulated principals by their ids; the database has only hashes. Empty when there is no file. */
export function readCredentials(file: string): Map<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw error;
  }
  try {
    return new Map(Object.entries(Credentials.parse(JSON.parse(text))));
  } catch (cause) {
    throw new Error(`${file} is damaged: delete it, and new tokens are made`, { cause });
  }
}

/** Replaces the file as a whole; only its owner can read it. */
export function writeCredentials(file: string, credentials: ReadonlyMap<string, string>): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.new`;
  const text = `${JSON.stringify(Object.fromEntries(credentials), null, 2)}\n`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
