import { InfluxDB } from 'influx';

/** How InfluxQL reaches a server: `/query` of InfluxDB 1.x, of 2.x by its DBRP mapping, and of 3.x. */
export interface InfluxQueryOptions {
  /** Such as `http://127.0.0.1:8086`. */
  readonly url: string;
  /** 2.x: the database of the bucket's DBRP mapping, which is the bucket's own name unless somebody has made another. */
  readonly database: string;
  /** 2.x: of the DBRP mapping; left out, the default one. */
  readonly retentionPolicy?: string | undefined;
  /** 1.x, where the server asks for it. */
  readonly login?: { readonly username: string; readonly password: string } | undefined;
  /** 2.x and 3.x: sent as `Authorization: Token ...`. */
  readonly token?: string | undefined;
  /** A server that is silent for longer counts as away. */
  readonly timeoutMs?: number;
}

/** One row of an answer: `time` in milliseconds since 1970, and what was selected, by name. */
export type InfluxRow = Readonly<Record<string, unknown>> & { readonly timeMs: number };

/** InfluxDB did not answer, or not with data. */
export class InfluxQueryError extends Error {
  constructor(cause: unknown) {
    // The client's errors carry the whole answer, which may be an HTML page of a proxy.
    super(errorText(cause), { cause });
    this.name = 'InfluxQueryError';
  }
}

/** Asks a server in InfluxQL. Statements are built in `store/influx` only, from numbers and from ids that were checked. */
export interface InfluxQuery {
  /** The rows of one statement. Rejects with an {@link InfluxQueryError}. */
  rows(statement: string): Promise<InfluxRow[]>;
  /** As {@link rows}, with times to the nanosecond, as decimal text in `timeNs`. Not by 3.x, which wants to be told a precision. */
  exactRows(statement: string): Promise<(InfluxRow & { readonly timeNs: string })[]>;
}

const TIMEOUT_MS = 10_000;
const LONGEST_MESSAGE = 300;

export function createInfluxQuery(options: InfluxQueryOptions): InfluxQuery {
  const { database, retentionPolicy, token } = options;
  const at = { database, ...(retentionPolicy === undefined ? {} : { retentionPolicy }) };
  // By POST, so that a statement may be long and is in no log of addresses; only 3.x takes it from the address alone.
  const method = token === undefined ? 'POST' : 'GET';
  return {
    async rows(statement) {
      const rows = await ask(options, (client) =>
        // InfluxDB 3 refuses an empty precision, which the client sends where none is given.
        client.query<Record<string, unknown>>(statement, { ...at, precision: 'ms', method }),
      );
      return rows.map((row) => ({ ...row, timeMs: row.time.getTime() }));
    },
    async exactRows(statement) {
      const rows = await ask(options, (client) =>
        client.query<Record<string, unknown>>(statement, { ...at, precision: 'n', method }),
      );
      return rows.map((row) => ({
        ...row,
        timeMs: row.time.getTime(),
        timeNs: row.time.getNanoTime(),
      }));
    },
  };
}

async function ask<T>(
  options: InfluxQueryOptions,
  question: (client: InfluxDB) => Promise<T>,
): Promise<T> {
  try {
    return await question(createClient(options));
  } catch (error) {
    throw new InfluxQueryError(error);
  }
}

/** One for each question: a client that has found its server away once would shun it for a time of its own choosing. */
function createClient(options: InfluxQueryOptions): InfluxDB {
  const { login, token, timeoutMs = TIMEOUT_MS } = options;
  const url = new URL(options.url);
  const headers = token === undefined ? {} : { authorization: `Token ${token}` };
  return new InfluxDB({
    database: options.database,
    ...(login ?? NO_LOGIN),
    pool: { maxRetries: 0, requestTimeout: timeoutMs },
    hosts: [
      {
        host: url.hostname,
        port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
        protocol: url.protocol === 'https:' ? 'https' : 'http',
        path: url.pathname === '/' ? '' : url.pathname,
        options: { headers, timeout: timeoutMs },
      },
    ],
  });
}

/**
 * Where `username` is a text, the client sends it instead of the token's header; where it is `undefined`, it sends "root".
 * Safe: the client uses it only when it is a text.
 */
const NO_LOGIN = { username: null as unknown as string };

function errorText(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.slice(0, LONGEST_MESSAGE);
}
