import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';

/**
 * What becomes of requests. `pass`: they reach the server behind. `slow`: a second and a half later. `busy`: 429 with `Retry-After: 2`.
 * `failing`: 500. `half`: half of the lines reach it, and then the connection breaks. `silent`: no answer, ever.
 */
export type FrontMode = 'pass' | 'slow' | 'busy' | 'failing' | 'half' | 'silent';

export const SLOW_MS = 1_500;
export const RETRY_AFTER_SECONDS = 2;

/** A server in front of a real InfluxDB 1.x, which misbehaves as it is told. */
export class InfluxFront implements AsyncDisposable {
  readonly url: string;
  readonly #server: Server;
  readonly #behind: URL;
  #mode: FrontMode = 'pass';
  /** When requests to write came since the mode was set, by `performance.now()`. */
  #writesAtMs: number[] = [];
  #allWrites = 0;

  private constructor(server: Server, behind: string) {
    // Safe: a server that listens on a port has such an address.
    const { port } = server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
    this.#server = server;
    this.#behind = new URL(behind);
    server.on('request', (question, answer) => {
      this.#handle(question, answer).catch(() => answer.socket?.destroy());
    });
  }

  static async start(behind: string): Promise<InfluxFront> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new InfluxFront(server, behind);
  }

  /** How many requests to write have come since the mode was set. */
  get writes(): number {
    return this.#writesAtMs.length;
  }

  /** Since the beginning. */
  get allWrites(): number {
    return this.#allWrites;
  }

  /** The shortest time between the beginnings of two of them. */
  get shortestPauseMs(): number {
    const pauses = this.#writesAtMs.slice(1).map((atMs, i) => atMs - (this.#writesAtMs[i] ?? 0));
    return Math.min(...pauses);
  }

  setMode(mode: FrontMode): void {
    this.#mode = mode;
    this.#writesAtMs = [];
  }

  async #handle(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    // What a request without an encoding gives.
    for await (const chunk of question as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (question.url?.startsWith('/write')) {
      this.#writesAtMs.push(performance.now());
      this.#allWrites += 1;
    }
    const mode = this.#mode;
    if (mode === 'silent') return;
    if (mode === 'busy') {
      answer
        .writeHead(429, { 'retry-after': String(RETRY_AFTER_SECONDS) })
        .end('{"error":"too many"}');
      return;
    }
    if (mode === 'failing') {
      answer.writeHead(500).end('{"error":"timeout"}');
      return;
    }
    if (mode === 'slow') await wait(SLOW_MS);
    const isHalf = mode === 'half';
    const { status, text } = await this.#ask(question, isHalf ? firstHalf(body) : body);
    if (isHalf) answer.socket?.destroy();
    else answer.writeHead(status, { 'content-type': 'application/json' }).end(text);
  }

  async #ask(question: IncomingMessage, body: Buffer): Promise<{ status: number; text: string }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
    const headers = { ...question.headers, host: this.#behind.host, 'content-length': body.length };
    const options = { method: question.method, headers, path: question.url };
    const asked = request(this.#behind, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on('error', reject);
    const giveUp = (): void => void asked.destroy(new Error('nobody waits for it'));
    question.socket.once('close', giveUp);
    asked.once('close', () => question.socket.off('close', giveUp));
    asked.end(body);
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function firstHalf(body: Buffer): Buffer {
  const lines = body.toString().split('\n');
  return Buffer.from(lines.slice(0, Math.ceil(lines.length / 2)).join('\n'));
}
