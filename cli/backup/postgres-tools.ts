import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { errorText } from '../../domain/error-text.ts';
import { EXIT, Refusal } from '../exit-codes.ts';

const run = promisify(execFile);

/** Writes the database to a file of pg_dump's custom format, as an exported snapshot shows it. */
export async function dumpPostgres(url: string, file: string, snapshot: string): Promise<void> {
  await runTool('pg_dump', url, [
    ...['--format=custom', '--no-owner', '--no-privileges'],
    ...[`--snapshot=${snapshot}`, `--file=${file}`],
  ]);
}

/** Fills an empty database from such a file, in one transaction. */
export async function restorePostgres(url: string, file: string): Promise<void> {
  await runTool('pg_restore', url, [
    ...['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction'],
    file,
  ]);
}

/** Reads such a file's list of contents, which fails when it is cut short. */
export async function checkPostgresDump(file: string): Promise<void> {
  await runTool('pg_restore', undefined, ['--list', file]);
}

async function runTool(
  tool: 'pg_dump' | 'pg_restore',
  url: string | undefined,
  args: readonly string[],
): Promise<void> {
  const { options, env } = url === undefined ? { options: [], env: {} } : connectionOf(url);
  try {
    await run(tool, [...options, ...args], { env: { ...process.env, ...env } });
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = isMissing ? 'it is not installed on this machine' : toolError(error);
    throw new Refusal(
      EXIT.failure,
      `${tool}, which saves and restores PostgreSQL, failed: ${why}`,
      {
        cause: error,
      },
    );
  }
}

/** The password goes through the environment: everybody may read the arguments of a process. */
function connectionOf(url: string): {
  readonly options: readonly string[];
  readonly env: Record<string, string>;
} {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const options = [`--dbname=${decodeURIComponent(pathname.slice(1))}`];
  // A folder of sockets stands in a parameter, since it is no host name.
  const host = searchParams.get('host') ?? decodeURIComponent(hostname);
  if (host !== '') options.push(`--host=${host}`);
  if (port !== '') options.push(`--port=${port}`);
  if (username !== '') options.push(`--username=${decodeURIComponent(username)}`);
  return { options, env: password === '' ? {} : { PGPASSWORD: decodeURIComponent(password) } };
}

function toolError(error: unknown): string {
  const said =
    error instanceof Error && 'stderr' in error && typeof error.stderr === 'string'
      ? error.stderr.trim()
      : '';
  return said === '' ? errorText(error) : said;
}
