import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { WebSocketServer, createWebSocketStream } from 'ws';
import type { BrokerOptions, BrokerPorts } from './broker-options.ts';

/** The kernel asks silent peers: without it a half-open socket without keep alive would stay for ever. */
const TCP_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };

const HANDSHAKE_TIMEOUT_MS = 10_000;

/** One WebSocket frame may carry several MQTT packets; the packets have their own limits. */
const MAX_FRAME_BYTES = 256 * 1024;

/** Names registered for MQTT 3.1.1 and 3.1 over WebSocket [MQTT-6.0.0-3]. */
const SUBPROTOCOLS = ['mqtt', 'mqttv3.1'];

/** Told of each new connection with the address of its other end. */
export type OnConnection = (stream: Duplex, address: string) => void;

export interface Listeners {
  readonly ports: BrokerPorts;
  /** Stops taking new connections. */
  close(): Promise<void>;
}

type ListenOptions = Pick<BrokerOptions, 'host' | 'mqttPort' | 'wsPort' | 'tls'>;

/** Listens on all ports of the broker; on none when one cannot be had, and rejects. */
export async function openListeners(
  options: ListenOptions,
  onConnection: OnConnection,
): Promise<Listeners> {
  const { host, mqttPort, wsPort, tls } = options;
  const onSocket = (socket: Socket): void => onConnection(socket, socket.remoteAddress ?? '');
  const open: Server[] = [];
  const listen = async (server: Server, port: number): Promise<number> => {
    server.listen(port, host);
    await once(server, 'listening');
    open.push(server);
    // Safe: a server that listens on TCP has an address of this form.
    return (server.address() as AddressInfo).port;
  };
  const close = async (): Promise<void> => {
    for (const server of open) server.close();
  };
  try {
    const ports = {
      mqttPort: await listen(createTcpServer(TCP_OPTIONS, onSocket), mqttPort),
      wsPort: wsPort === null ? null : await listen(createWsServer(onConnection), wsPort),
    };
    if (tls === undefined) return { ports, close };
    const { cert, key, port } = tls;
    const tlsOptions = { ...TCP_OPTIONS, cert, key, handshakeTimeout: HANDSHAKE_TIMEOUT_MS };
    const tlsPort = await listen(createTlsServer(tlsOptions, onSocket), port);
    return { ports: { ...ports, tlsPort }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function createWsServer(onConnection: OnConnection): Server {
  const http = createHttpServer(
    { ...TCP_OPTIONS, headersTimeout: HANDSHAKE_TIMEOUT_MS, requestTimeout: HANDSHAKE_TIMEOUT_MS },
    (_request, response) => {
      response.writeHead(426, { 'content-type': 'text/plain', connection: 'close' });
      response.end('This port speaks MQTT over WebSocket\n');
    },
  );
  const sockets = new WebSocketServer({
    server: http,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => SUBPROTOCOLS.find((name) => offered.has(name)) ?? false,
  });
  // A port in use is told by the HTTP server itself.
  sockets.on('error', () => {});
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => {});
    if (!SUBPROTOCOLS.includes(socket.protocol)) socket.close(1002, 'The subprotocol is mqtt');
    else onConnection(createWebSocketStream(socket), request.socket.remoteAddress ?? '');
  });
  return http;
}
