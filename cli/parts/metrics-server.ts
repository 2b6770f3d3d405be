import { once } from 'node:events';
import http from 'node:http';
import type { Registry } from 'prom-client';
import { connectHost, urlHost } from './connect-host.ts';
import type { Part } from './run-part.ts';

/** What Prometheus asks is a few hundred bytes; whoever dawdles longer than this wants something else. */
const REQUEST_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 20;

export interface MetricsOptions {
  readonly registry: Registry;
  /** Its address among those that the part tells, such as `brokerMetrics`. */
  readonly name: string;
  readonly host: string;
  /** `null`: the metrics are served nowhere. */
  readonly port: number | null;
}

/** A part that speaks no HTTP of its own, with its metrics at `/metrics` beside it. */
export function withMetrics(part: Part, options: MetricsOptions): Part {
  const { registry, name, host, port } = options;
  if (port === null) return part;
  const server = createMetricsServer(registry);
  return {
    async start() {
      server.listen({ host, port });
      await once(server, 'listening');
      const url = `http://${urlHost(connectHost(host))}:${portOf(server)}/metrics`;
      return { ...(await part.start()), [name]: url };
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await part.stop();
    },
  };
}

function createMetricsServer(registry: Registry): http.Server {
  const options = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS };
  const server = http.createServer(options, (request, response) => {
    answer(registry, request, response).catch(() => response.destroy());
  });
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

async function answer(
  registry: Registry,
  { method, url }: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  if (url !== '/metrics') {
    response.writeHead(404).end();
    return;
  }
  if (method !== 'GET') {
    response.writeHead(405, { Allow: 'GET' }).end();
    return;
  }
  const text = await registry.metrics();
  response.writeHead(200, { 'Content-Type': registry.contentType }).end(text);
}

function portOf(server: http.Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
