import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** What a server was asked. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

/** `'hang'`: it never answers. A text is sent as it is, anything else as JSON. */
export type Reply = { readonly status?: number; readonly body: unknown } | 'hang';

/** A small HTTP server on a free port of this machine, which speaks as a test tells it. */
export class TestServer implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly #server: Server;
  #atOnce = 0;
  mostAtOnce = 0;

  private constructor(reply: (asked: Asked) => Reply) {
    this.#server = createServer((request, response) => {
      void this.#serve(request, response, reply);
    });
  }

  static async start(reply: (asked: Asked) => Reply): Promise<TestServer> {
    const server = new TestServer(reply);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('It does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse, reply: (asked: Asked) => Reply) {
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString('utf8');
    const asked = {
      method: request.method ?? '',
      url: new URL(request.url ?? '', 'http://test'),
      body,
    };
    this.asked.push(asked);
    const answer = reply(asked);
    if (answer === 'hang') return;
    this.#atOnce -= 1;
    response.statusCode = answer.status ?? 200;
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  }
}
