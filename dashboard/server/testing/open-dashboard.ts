import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import type { Store } from '../../../store/database.ts';
import { openTestStore } from '../../../store/testing/open-test-store.ts';
import { checkResponse } from './check-response.ts';
import { createDashboard } from '../dashboard.ts';
import type { DashboardOptions } from '../dashboard.ts';
import type { QuarantineWork } from '../quarantine/quarantine-work.ts';
import { createOpenApiDocument } from '../openapi/document.ts';

export const NOW_MS = Date.UTC(2026, 2, 1, 12);

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** As it came. */
  readonly bytes: Buffer;
  /** Decompressed. */
  readonly text: string;
  /** `undefined` when the body is not JSON. */
  readonly json: unknown;
}

export interface TestDashboard extends AsyncDisposable {
  readonly store: Store;
  readonly port: number;
  readonly pageFolder: string;
  readonly journalFolder: string;
  /** What the server logged at the level of warnings and above. */
  readonly complaints: readonly string[];
  /** The clock of the server, ms. */
  setNow(ms: number): void;
  /** Sends a request as written, and checks the answer against the API's description where the path is the API's. */
  ask(path: string, init?: AskInit): Promise<Answer>;
  stop(): Promise<void>;
}

export interface AskInit {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** Ingest is not here; what it does with the quarantine is tested with it, in `tests/system`. */
const NO_QUARANTINE_WORK: QuarantineWork = {
  reasons: { 'unknown-device': 'Nobody has registered the device.', 'no-codec': 'No codec.' },
  replay: () => Promise.resolve({ resolved: 0, refused: 0 }),
  adopt: () => Promise.resolve({ ok: false, reason: 'registered', detail: 'It is registered' }),
  guessMaker: () => undefined,
};

const DOCUMENT = createOpenApiDocument('1.2.3');
const DESCRIBED = /^\/(api\/v1\/|livez|readyz|metrics)/;

/** A dashboard that listens, with an empty SQLite store and a page of two files. */
export async function openDashboard(
  options: Partial<DashboardOptions> = {},
): Promise<TestDashboard> {
  const opened = await openTestStore();
  const pageFolder = join(opened.folder, 'page');
  mkdirSync(join(pageFolder, 'assets'), { recursive: true });
  writeFileSync(join(pageFolder, 'index.html'), '<!doctype html><title>Tunna</title>');
  writeFileSync(join(pageFolder, 'assets/main-abc123.js'), 'export const a = 1;\n'.repeat(200));
  const journalFolder = join(opened.folder, 'journals');
  const complaints: string[] = [];
  let nowMs = NOW_MS;
  const dashboard = createDashboard({
    store: opened.store,
    host: '127.0.0.1',
    port: 0,
    allowedHosts: ['tunna.example'],
    pageFolder,
    webhooks: { journalFolder, sources: ['ttn-v3', 'my-source'] },
    quarantine: NO_QUARANTINE_WORK,
    orderCommand: () => Promise.resolve({ ok: false, reason: 'never-heard', detail: 'Nobody' }),
    settings: { version: '1.2.3', demo: false, tiles: null, missing: ['tiles'] },
    now: () => nowMs,
    log: pino({ level: 'warn' }, { write: (line: string) => complaints.push(line) }),
    ...options,
  });
  const { port } = await dashboard.start();
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= dashboard.stop());
  return {
    store: opened.store,
    port,
    pageFolder,
    journalFolder,
    complaints,
    setNow: (ms) => {
      nowMs = ms;
    },
    ask: (path, init = {}) => ask(port, path, init),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await opened[Symbol.asyncDispose]();
    },
  };
}

async function ask(port: number, path: string, init: AskInit): Promise<Answer> {
  const method = init.method ?? 'GET';
  const answer = await send(port, path, init);
  const plain = path.split('?')[0] ?? '';
  // What has no route of its own, or no readable path, is only known to be a problem.
  const isDescribed = DESCRIBED.test(plain) && !/%(?![0-9a-f]{2})/i.test(plain);
  if (isDescribed && answer.status !== 431 && !isUnknownPath(answer)) {
    const contentType = answer.headers['content-type'] ?? null;
    const body = answer.json ?? answer.text;
    checkResponse(DOCUMENT, { method, path, status: answer.status, contentType, body });
  }
  return answer;
}

function isUnknownPath({ status, text }: Answer): boolean {
  return status === 404 && text.includes('There is nothing at this address');
}

function send(port: number, path: string, init: AskInit): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = init;
    // No agent: a connection for each request, so that no test waits for another's.
    const options = { host: '127.0.0.1', port, path, method, headers, agent: false };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const { statusCode: status = 0, headers: got } = response;
        const isZipped = got['content-encoding'] === 'gzip';
        const text = (isZipped ? gunzipSync(bytes) : bytes).toString('utf8');
        resolve({ status, headers: got, bytes, text, json: parseJson(text) });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
