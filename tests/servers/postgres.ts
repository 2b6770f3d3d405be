import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { requireProgram } from './programs.ts';
import { freePort } from './free-port.ts';
import { privateFolder, ServerProcess, startServer } from './server-process.ts';

const run = promisify(execFile);

/** A running PostgreSQL. */
export interface Postgres extends ServerProcess {
  /** Connection string of the database `postgres`, as a superuser without a password. */
  readonly url: string;
  /** Makes an empty database and returns its connection string, so that tests can share a server. */
  createDatabase(): Promise<string>;
}

const SUPERUSER = 'tunna';

class PostgresProcess extends ServerProcess implements Postgres {
  #databasesMade = 0;

  get url(): string {
    return this.#urlOf('postgres');
  }

  async createDatabase(): Promise<string> {
    this.#databasesMade += 1;
    const name = `test_${this.#databasesMade}`;
    // Text sorts as people read it, as in a town's own PostgreSQL: what relies on the order of bytes must fail.
    const collation = "template template0 locale_provider icu icu_locale 'sv'";
    await query(this.url, `create database ${name} ${collation}`);
    return this.#urlOf(name);
  }

  #urlOf(database: string): string {
    return `postgres://${SUPERUSER}@127.0.0.1:${this.port}/${database}`;
  }
}

/**
 * Starts a PostgreSQL that trusts every local connection and does not wait for the disk.
 * @param moreSettings such as `fsync=on`, which outdo ours.
 */
export async function startPostgres(moreSettings: readonly string[] = []): Promise<Postgres> {
  const program = requireProgram('postgres');
  const initdb = requireProgram('initdb');
  const user = ordinaryUser();
  const port = await freePort();
  const folder = await privateFolder('postgres', user?.userId, user?.groupId);
  const data = `${folder}/data`;
  const initArgs = ['-D', data, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'];
  await run(initdb.path, [...initArgs, '--no-sync', '--no-instructions'], {
    cwd: folder,
    env: initdb.env,
    ...(user ? { uid: user.userId, gid: user.groupId } : {}),
  });
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'full_page_writes=off',
    'shared_buffers=32MB',
    ...moreSettings,
  ];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])];
  const server: PostgresProcess = new PostgresProcess({
    name: 'postgres',
    program,
    args,
    port,
    folder,
    isReady: () => query(server.url, 'select 1').then(() => true),
    // Fast shutdown: open connections are ended instead of waited for.
    stopSignal: 'SIGINT',
    ...user,
  });
  return startServer(server);
}

/** PostgreSQL refuses to run as root, so root lends it another user of this machine. */
function ordinaryUser(): { userId: number; groupId: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find((fields) => fields[0] === name);
    if (account) return { userId: Number(account[2]), groupId: Number(account[3]) };
  }
  throw new Error('PostgreSQL needs a user postgres or nobody when the tests run as root');
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // A connection lost while the server stops is not this query's concern.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}
