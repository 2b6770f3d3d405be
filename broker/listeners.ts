import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer, createWebSocketStream } from 'ws';
import type { WebSocket } from 'ws';
import { LOOPBACK_HOSTS } from './broker-options.ts';
import type {
  BrokerOptions,
  BrokerPorts,
  ClientCertificate,
  TlsOptions,
} from './broker-options.ts';
import { HandshakeLimit } from './handshake-limit.ts';
import { HandshakeQueue } from './handshake-queue.ts';
import { TlsDoor } from './tls-door.ts';

/** The kernel asks silent peers: without it a half-open socket without keep alive would stay for ever. */
const TCP_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };

/** Connections that the kernel holds until we take them. Those of a town that comes back at once are many; the kernel may cut this. */
const BACKLOG = 4_096;

/** For TLS, and for a request to become a WebSocket. Node looks at the latter at intervals. */
const HANDSHAKE_TIMEOUT_MS = 5_000;
const HANDSHAKE_CHECK_MS = 1_000;

/** One WebSocket frame may carry several MQTT packets; the packets have their own limits. */
const MAX_FRAME_BYTES = 256 * 1024;

/** Names registered for MQTT 3.1.1 and 3.1 over WebSocket [MQTT-6.0.0-3]. */
const SUBPROTOCOLS = ['mqtt', 'mqttv3.1'];

/** A new connection. */
export interface Arrival {
  readonly stream: Duplex;
  /** Of its other end. */
  readonly address: string;
  /** What it has shown at the TLS port. */
  readonly certificate?: ClientCertificate | undefined;
}

export interface ListenerEvents {
  readonly onConnection: (arrival: Arrival) => void;
  /** A connection was turned away for its certificate, or for having none. */
  readonly onBadCertificate: (address: string, detail: string) => void;
  /** A port that listened has failed to take a connection, as when the process has too many files open. */
  readonly onError: (error: Error) => void;
}

export interface Listeners {
  readonly ports: BrokerPorts;
  /** New TLS connections get this certificate. Throws, with nothing changed, when it is none. */
  replaceCertificate(tls: Pick<TlsOptions, 'cert' | 'key' | 'clientCa'>): void;
  /** Stops taking new connections. */
  close(): Promise<void>;
}

type ListenOptions = Pick<
  BrokerOptions,
  'host' | 'plainHost' | 'mqttPort' | 'wsPort' | 'tls' | 'open' | 'now'
>;

/** Listens on all ports of the broker; on none when one cannot be had, and rejects. */
export async function openListeners(
  options: ListenOptions,
  events: ListenerEvents,
): Promise<Listeners> {
  const { onConnection, onError } = events;
  const { host, plainHost = host, mqttPort, wsPort, tls } = options;
  const onSocket = (socket: Socket): void =>
    onConnection({ stream: socket, address: socket.remoteAddress ?? '' });
  const open: Server[] = [];
  const listen = async (server: Server, port: number, on: string): Promise<number> => {
    server.listen({ port, host: on, backlog: BACKLOG });
    await once(server, 'listening');
    server.on('error', onError);
    open.push(server);
    // Safe: a server that listens on TCP has an address of this form.
    return (server.address() as AddressInfo).port;
  };
  const close = async (): Promise<void> => {
    for (const server of open) server.close();
  };
  try {
    const ports = {
      mqttPort: await listen(createTcpServer(TCP_OPTIONS, onSocket), mqttPort, plainHost),
      wsPort:
        wsPort === null
          ? null
          : await listen(createWsServer(options, onConnection), wsPort, plainHost),
    };
    const door = tls && createTlsDoor(tls, options.now, events);
    if (door === undefined) return { ports, close, replaceCertificate: () => {} };
    const tlsPort = await listen(door.server, tls?.port ?? 0, host);
    const replaceCertificate = door.replace.bind(door);
    return { ports: { ...ports, tlsPort }, close, replaceCertificate };
  } catch (error) {
    await close();
    throw error;
  }
}

function createTlsDoor(
  tls: TlsOptions,
  now: () => number,
  { onConnection, onBadCertificate }: ListenerEvents,
): TlsDoor {
  const options = { ...TCP_OPTIONS, handshakeTimeout: HANDSHAKE_TIMEOUT_MS };
  const door = new TlsDoor(tls, options, (socket: TLSSocket) => {
    handshakes.end(socket);
    const address = socket.remoteAddress ?? '';
    const arrival = door.examine(socket, now());
    if (arrival.ok)
      return onConnection({ stream: socket, address, certificate: arrival.certificate });
    socket.on('error', () => {});
    socket.destroy();
    onBadCertificate(address, arrival.detail);
  });
  const handshakes = new HandshakeQueue(door.server);
  return door;
}

function createWsServer(
  { open }: ListenOptions,
  onConnection: ListenerEvents['onConnection'],
): Server {
  const timeouts = { headersTimeout: HANDSHAKE_TIMEOUT_MS, requestTimeout: HANDSHAKE_TIMEOUT_MS };
  const http = createHttpServer(
    { ...TCP_OPTIONS, ...timeouts, connectionsCheckingInterval: HANDSHAKE_CHECK_MS },
    (_request, response) => {
      response.writeHead(426, { 'content-type': 'text/plain', connection: 'close' });
      response.end('This port speaks MQTT over WebSocket\n');
    },
  );
  const handshakes = new HandshakeLimit(http);
  // Its types leave this one out: how long a socket may take to say goodbye.
  const goodbye = { closeTimeout: HANDSHAKE_TIMEOUT_MS };
  const sockets = new WebSocketServer({
    ...goodbye,
    server: http,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => SUBPROTOCOLS.find((name) => offered.has(name)) ?? false,
    // Without tokens, any page in a browser on this machine could publish.
    verifyClient: ({ origin }: { readonly origin?: string }) => !open || isLocal(origin),
  });
  // A port in use is told by the HTTP server itself.
  sockets.on('error', () => {});
  sockets.on('connection', (socket, request) => {
    handshakes.end(request.socket);
    socket.on('error', () => {});
    if (SUBPROTOCOLS.includes(socket.protocol)) {
      onConnection({ stream: openStream(socket), address: request.socket.remoteAddress ?? '' });
    } else socket.close(1002, 'The subprotocol is mqtt');
  });
  return http;
}

/** MQTT is sent in binary frames; whoever sends another is disconnected [MQTT-6.0.0-1]. */
function openStream(socket: WebSocket): Duplex {
  // Before the stream listens, which would take the text for bytes.
  socket.on('message', (_data, isBinary) => {
    if (!isBinary) stream.destroy();
  });
  const stream = createWebSocketStream(socket);
  return stream;
}

/** Whether a page of this machine asks, or no page at all. */
function isLocal(origin: string | undefined): boolean {
  if (origin === undefined) return true;
  const host = URL.parse(origin)?.hostname ?? '';
  return LOOPBACK_HOSTS.has(host.replace(/^\[|\]$/g, ''));
}
