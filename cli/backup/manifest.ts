import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { EXIT, Refusal } from '../exit-codes.ts';

/** Says what a backup holds; a folder without it is none, or was interrupted. */
export const MANIFEST_FILE = 'manifest.json';

/** Raised whenever older code could not restore what newer code saves. */
export const BACKUP_FORMAT = 1;

export const JOURNALS_FOLDER = 'journals';

const SavedFile = z.strictObject({
  /** Relative to the backup, with slashes. */
  file: z.string().regex(/^[a-z0-9-]+(\/[a-z0-9-]+)?\.(sqlite|pgdump)$/),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const Manifest = z.strictObject({
  format: z.literal(BACKUP_FORMAT),
  /** Version of Tunna that made it. */
  version: z.string(),
  /** When the first journal was copied: everything acknowledged before is in the backup. */
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  database: SavedFile.extend({
    kind: z.enum(['sqlite', 'postgres']),
    migrations: z.array(z.string()),
    uplinks: z.int().min(0),
    readings: z.int().min(0),
    /** What became of messages: outcomes add up to what was taken off the journals. */
    tally: z.record(z.string(), z.int()),
    /** Messages taken off the journals. */
    taken: z.int().min(0),
  }),
  journals: z.array(
    SavedFile.extend({
      door: z.string(),
      id: z.string(),
      newestSeq: z.int().min(0),
      /** How many of its records the saved database does not hold yet. */
      backlog: z.int().min(0),
    }),
  ),
});
export type Manifest = z.infer<typeof Manifest>;
export type SavedFile = z.infer<typeof SavedFile>;

/** The manifest of a backup. Throws a {@link Refusal} when the folder is no whole backup, or of a format not known here. */
export function readManifest(folder: string): Manifest {
  const file = path.join(folder, MANIFEST_FILE);
  if (!existsSync(file)) {
    const message = `${folder} is no backup, or an interrupted one: it has no ${MANIFEST_FILE}`;
    throw new Refusal(EXIT.failure, message);
  }
  const result = Manifest.safeParse(parse(readFileSync(file, 'utf8')));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined ? '' : `: ${issue.path.join('.')} ${issue.message}`;
  throw new Refusal(
    EXIT.failure,
    `${file} is not the manifest of a backup of this version${where}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Size and SHA-256 of a file in a backup. */
export async function describeFile(folder: string, file: string): Promise<SavedFile> {
  const full = path.join(folder, file);
  const hash = createHash('sha256');
  await pipeline(createReadStream(full), hash);
  return { file, bytes: statSync(full).size, sha256: hash.digest('hex') };
}
