import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';

/** One blue pixel, which browsers draw as large as they are told. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==',
  'base64',
);

/** A tile server on this machine that does as the test says. */
export class LoopbackTiles implements AsyncDisposable {
  readonly origin: string;
  readonly #server: Server;
  /** Status of every answer; with 200 comes a tile. `null`: not a word, the connection is cut. */
  status: number | null = 200;
  /** Paths asked for. */
  readonly asked: string[] = [];

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${port}`;
    server.on('request', ({ url, socket }, response) => {
      this.asked.push(url ?? '');
      if (this.status === null) socket.destroy();
      else if (this.status !== 200) response.writeHead(this.status).end();
      else response.writeHead(200, { 'Content-Type': 'image/png' }).end(PIXEL);
    });
  }

  static async open(): Promise<LoopbackTiles> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP port');
    return new LoopbackTiles(server, address.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
