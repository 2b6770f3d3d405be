import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BinSummary } from '../../api/bins.ts';
import type { EVENT_TYPES } from '../../api/town.ts';

/** One event stream that was asked for. */
export interface StreamRequest {
  /** What the client says it has had already. */
  readonly lastEventId: string | undefined;
  /** The client, or the server, has ended it. */
  readonly isEnded: () => boolean;
}

/** A server that says what a test tells it to, in the words of the real one. */
export interface TownServer extends AsyncDisposable {
  /** Where the API is, such as `http://127.0.0.1:40000/api/v1`. */
  readonly base: string;
  readonly eventsUrl: string;
  /** All event streams so far, the newest last. */
  readonly streams: readonly StreamRequest[];
  /** Paths of all other requests so far, with their queries. */
  readonly requests: readonly string[];
  /** What `/bins` answers. */
  setBins(bins: readonly BinSummary[]): void;
  /** Lets the answers to `/bins` wait until they are let go; each has the bins of the moment it was asked. */
  holdBins(): { readonly waiting: () => number; release(): void };
  /** Answers every request with this status, or as usual after `null`. */
  fail(status: number | null): void;
  /** Refuses event streams with this status, or opens them as usual after `null`. */
  refuseStreams(status: number | null): void;
  /** What other paths answer, as JSON. */
  answer(path: string, body: unknown): void;
  /** Sends an event to all open streams. */
  send(id: number, type: (typeof EVENT_TYPES)[number], body: unknown): void;
  /** Sends text as it is to all open streams. */
  sendRaw(text: string): void;
  /** Breaks all streams off. The next one begins with `hello`, and with what `onReconnect` sends. */
  breakStreams(onReconnect?: () => void): void;
}

/** Short, so that no test waits for a browser's patience. */
const RECONNECT_MS = 20;

interface OpenStream extends StreamRequest {
  readonly response: http.ServerResponse;
}

/** Starts a town server on a port of its own. Every stream begins with `hello`, as the real ones do. */
export async function startTownServer(): Promise<TownServer> {
  const streams: OpenStream[] = [];
  const requests: string[] = [];
  const answers = new Map<string, unknown>();
  let bins: readonly BinSummary[] = [];
  let held: (() => void)[] | undefined;
  let failure: number | null = null;
  let refusal: number | null = null;
  let newestId = 0;
  let greet: (() => void) | undefined;

  const openStream = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const id = request.headers['last-event-id'];
    let isEnded = false;
    response.on('close', () => (isEnded = true));
    streams.push({ lastEventId: id?.toString(), isEnded: () => isEnded, response });
    if (refusal !== null) return void response.writeHead(refusal).end();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`retry: ${RECONNECT_MS}\n\n`);
    const hello = { lastChange: newestId, serverTime: new Date().toISOString() };
    response.write(formatEvent(Number(id ?? newestId), 'hello', hello));
    greet?.();
    greet = undefined;
  };
  const server = http.createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/api\/v1/, '');
    if (path === '/events') return openStream(request, response);
    requests.push(path);
    const status = failure ?? (path === '/bins' || answers.has(path) ? 200 : 404);
    const body = JSON.stringify(path === '/bins' ? { bins } : answers.get(path));
    const reply = (): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    };
    if (path === '/bins' && held) held.push(reply);
    else reply();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // Safe: a server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}/api/v1`;
  const sendRaw = (text: string): void => {
    for (const { response, isEnded } of streams) if (!isEnded()) response.write(text);
  };
  return {
    base,
    eventsUrl: `${base}/events`,
    streams,
    requests,
    setBins: (next) => (bins = next),
    holdBins: () => {
      const waiting: (() => void)[] = [];
      held = waiting;
      return {
        waiting: () => waiting.length,
        release: () => {
          held = undefined;
          for (const reply of waiting.splice(0)) reply();
        },
      };
    },
    fail: (status) => (failure = status),
    refuseStreams: (status) => (refusal = status),
    answer: (path, body) => answers.set(path, body),
    send: (id, type, body) => {
      newestId = id;
      sendRaw(formatEvent(id, type, body));
    },
    sendRaw,
    breakStreams: (onReconnect) => {
      greet = onReconnect;
      for (const { response } of streams) response.destroy();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function formatEvent(id: number, type: string, body: unknown): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(body)}\n\n`;
}
