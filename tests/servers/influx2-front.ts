import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { startInfluxd } from './influxd.ts';

/** What the documentation of InfluxDB 2 says of its HTTP API, with an InfluxDB 1 behind it that keeps the points and runs InfluxQL. */
export interface Influx2Front extends AsyncDisposable {
  readonly url: string;
  readonly org: string;
  readonly bucket: string;
  readonly token: string;
  /** The paths that were asked, in order. */
  readonly asked: readonly string[];
}

export interface Influx2FrontOptions {
  /** A DBRP mapping somebody has made; left out, the bucket is found under its own name. */
  readonly mapping?: { readonly database: string; readonly retentionPolicy: string };
  /** A server that does not delete, such as InfluxDB 3 Core. */
  readonly keepsAll?: boolean;
}

const ORG = 'town';
const BUCKET = 'levels';
const TOKEN = 'a-token-for-tests';

/** Debian has no InfluxDB 2: this speaks its API as documented at https://docs.influxdata.com/influxdb/v2/api/v2/ */
export async function startInflux2Front(options: Influx2FrontOptions = {}): Promise<Influx2Front> {
  const behind = await startInfluxd();
  await fetch(`${behind.url}/query?q=${encodeURIComponent(`CREATE DATABASE ${BUCKET}`)}`, {
    method: 'POST',
  });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://front');
    asked.push(url.pathname);
    answer({ behindUrl: behind.url, options }, url, request, response).catch(() =>
      response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Safe: a server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    ...{ org: ORG, bucket: BUCKET, token: TOKEN, asked },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await behind.stop();
    },
  };
}

interface Front {
  readonly behindUrl: string;
  readonly options: Influx2FrontOptions;
}

async function answer(
  front: Front,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (url.pathname === '/ping') {
    return void response.writeHead(204, { 'x-influxdb-version': 'v2.7.0' }).end();
  }
  if (request.headers.authorization !== `Token ${TOKEN}`) {
    return refuse(response, 401, 'unauthorized', 'unauthorized access');
  }
  const at = `${request.method} ${url.pathname}`;
  if (at === 'POST /api/v2/write') return write(front, url, request, response);
  if (at === 'POST /api/v2/delete' && !front.options.keepsAll) {
    return remove(front, url, request, response);
  }
  if (at === 'GET /query') return query(front, url.searchParams, response);
  return refuse(response, 404, 'not found', 'path not found');
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code, message }));
}

function isKnown(url: URL, response: ServerResponse): boolean {
  const [org, bucket] = [url.searchParams.get('org'), url.searchParams.get('bucket')];
  if (org === ORG && bucket === BUCKET) return true;
  const missing = org === ORG ? `bucket "${bucket}"` : `organization name "${org}"`;
  refuse(response, 404, 'not found', `${missing} not found`);
  return false;
}

async function write(
  front: Front,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const sent = await buffer(request);
  if (!isKnown(url, response)) return;
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
  const precision = { ns: 'n', us: 'u', ms: 'ms', s: 's' }[
    url.searchParams.get('precision') ?? 'ns'
  ];
  const kept = await fetch(`${front.behindUrl}/write?db=${BUCKET}&precision=${precision}`, {
    method: 'POST',
    body: new Uint8Array(body),
  });
  const said = await kept.text();
  if (kept.ok) return void response.writeHead(204).end();
  // Safe: InfluxDB 1 answers errors like this.
  const { error } = JSON.parse(said) as { error: string };
  refuse(response, kept.status, 'invalid', error);
}

async function query(
  front: Front,
  parameters: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const { mapping } = front.options;
  const [db, rp] = [parameters.get('db'), parameters.get('rp') ?? ''];
  const isMapped =
    mapping === undefined
      ? db === BUCKET && ['', 'autogen'].includes(rp)
      : db === mapping.database && rp === mapping.retentionPolicy;
  if (!isMapped) return refuse(response, 404, 'not found', 'no dbrp mapping found');
  const statement = parameters.get('q') ?? '';
  if (!/^\s*(SELECT|SHOW)\b/i.test(statement)) {
    return refuse(response, 400, 'invalid', 'not implemented');
  }
  const passed = new URLSearchParams({ db: BUCKET, q: statement });
  const epoch = parameters.get('epoch');
  if (epoch !== null && epoch !== '') passed.set('epoch', epoch);
  const found = await fetch(`${front.behindUrl}/query?${passed.toString()}`);
  response.writeHead(found.status, { 'content-type': 'application/json' });
  response.end(await found.text());
}

async function remove(
  front: Front,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body: unknown = JSON.parse(await text(request));
  if (!isKnown(url, response)) return;
  // Safe: what is not like this fails below, with 400.
  const { start, stop, predicate } = body as Record<string, string | undefined>;
  const measurement = /^_measurement="([a-z0-9_]+)"$/.exec(predicate ?? '')?.[1];
  if (measurement === undefined || !isTime(start) || !isTime(stop)) {
    return refuse(response, 400, 'invalid', 'invalid request; error parsing request json');
  }
  const statement = `DELETE FROM ${measurement} WHERE time >= '${start}' AND time <= '${stop}'`;
  const passed = new URLSearchParams({ db: BUCKET, q: statement });
  await fetch(`${front.behindUrl}/query?${passed.toString()}`, { method: 'POST' });
  response.writeHead(204).end();
}

function isTime(text: string | undefined): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text ?? '');
}
