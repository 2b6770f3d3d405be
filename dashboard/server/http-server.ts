import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import { describeProblem, PROBLEM_TYPE } from './problem.ts';

/** Certificate and key, PEM. */
export interface TlsFiles {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** Half of them are left for others when all event streams are taken. */
const MAX_CONNECTIONS = 1_000;

/** A client that sends its request more slowly than this holds a connection for nothing. */
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 15_000;
const CHECK_EVERY_MS = 1_000;

/** Longer than the minute for which common proxies keep a connection, so that they close it first. */
const KEEP_ALIVE_MS = 65_000;

/** A client that vanished without a word is noticed by the operating system after this. */
const PROBE_AFTER_MS = 30_000;

const HANDSHAKE_TIMEOUT_MS = 5_000;

/** Answers under way get this long when the server stops. */
const STOP_GRACE_MS = 2_000;

/** An HTTP(S) server with limits on what a client may cost. */
export class HttpServer {
  readonly #server: http.Server | https.Server;

  constructor(handle: http.RequestListener, tls: TlsFiles | undefined) {
    const options = {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAlive: true,
      keepAliveInitialDelay: PROBE_AFTER_MS,
    };
    this.#server =
      tls === undefined
        ? http.createServer(options, handle)
        : https.createServer(
            { ...options, ...contextOf(tls), handshakeTimeout: HANDSHAKE_TIMEOUT_MS },
            handle,
          );
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on('clientError', answerBrokenRequest);
    // Whoever has not come through the handshake of TLS cannot be answered, and would keep the connection.
    this.#server.on('tlsClientError', (_error: Error, socket: Duplex) => socket.destroy());
  }

  /** Begins to listen and returns the port. Rejects when the address cannot be had. */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen({ host, port });
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') {
      throw new Error(`Expected an address with a port, got ${String(address)}`);
    }
    return address.port;
  }

  /** New connections get this certificate. Throws, with nothing changed, when it is none. */
  replaceCertificate(tls: TlsFiles): void {
    if (this.#server instanceof https.Server) this.#server.setSecureContext(contextOf(tls));
  }

  /** Takes no more requests, lets those under way end, and cuts off what takes too long. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    const timer = setTimeout(() => this.#server.closeAllConnections(), STOP_GRACE_MS);
    await closed;
    clearTimeout(timer);
  }
}

/** RFC 8996 has deprecated what came before TLS 1.2. */
function contextOf({ cert, key }: TlsFiles): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2' };
}

const STATUS_OF_FAULT: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Requests that are no HTTP never reach the app. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF_FAULT[error.code ?? ''] ?? 400;
  const body = JSON.stringify(describeProblem(status));
  const head = [
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
