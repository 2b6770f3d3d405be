import { randomBytes } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { createServer } from 'node:tls';
import type { SecureContextOptions, Server, TLSSocket } from 'node:tls';
import type { ClientCertificate, TlsOptions } from './broker-options.ts';
import { parseDeviceId } from '../domain/ids.ts';

/** RFC 8996 has deprecated what came before. */
const OLDEST_TLS = 'TLSv1.2';

/** What node:tls wants for the tickets by which clients resume a session. */
const TICKET_KEY_BYTES = 48;

/** What a TLS connection is when its handshake is over. */
export type TlsArrival =
  | { readonly ok: true; readonly certificate: ClientCertificate | undefined }
  | { readonly ok: false; readonly detail: string };

/** A TLS server whose certificate can be replaced while clients are connected. */
export class TlsDoor {
  readonly server: Server;
  readonly #mode: TlsOptions['clientCertificates'];

  constructor(tls: TlsOptions, socketOptions: object, onSocket: (socket: TLSSocket) => void) {
    this.#mode = tls.clientCertificates;
    this.server = createServer(
      {
        ...socketOptions,
        ...contextOptions(tls),
        requestCert: tls.clientCa !== undefined,
        // A client that is turned away here is told nothing and leaves no trace; we look ourselves, and write it down.
        rejectUnauthorized: false,
      },
      onSocket,
    );
    // Node tells of a handshake that failed or took too long, and leaves the socket open.
    this.server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** New connections get this certificate; those that stand keep theirs. Throws, with nothing changed, when it is none. */
  replace(tls: Pick<TlsOptions, 'cert' | 'key' | 'clientCa'>): void {
    this.server.setSecureContext(contextOptions(tls));
    // A ticket must not bring in whom the new authority does not know.
    this.server.setTicketKeys(randomBytes(TICKET_KEY_BYTES));
  }

  /** Whether a connection may come in, and what it has shown. */
  examine(socket: TLSSocket, nowMs: number): TlsArrival {
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) {
      if (this.#mode === 'required') return { ok: false, detail: 'no certificate' };
      return { ok: true, certificate: undefined };
    }
    if (!socket.authorized) {
      // Node's types say Error; it is the code as a text.
      return { ok: false, detail: String(socket.authorizationError) };
    }
    const untilMs = certificate.validToDate.getTime();
    // A resumed session was judged when it began.
    if (untilMs <= nowMs) return { ok: false, detail: 'CERT_HAS_EXPIRED' };
    return { ok: true, certificate: describe(certificate, untilMs) };
  }
}

function contextOptions({
  cert,
  key,
  clientCa,
}: Pick<TlsOptions, 'cert' | 'key' | 'clientCa'>): SecureContextOptions {
  return { cert, key, minVersion: OLDEST_TLS, ...(clientCa !== undefined && { ca: clientCa }) };
}

function describe(certificate: X509Certificate, untilMs: number): ClientCertificate {
  const commonName: unknown = certificate.toLegacyObject().subject.CN;
  const name = typeof commonName === 'string' ? parseDeviceId(commonName) : undefined;
  return {
    name,
    untilMs,
    names: (id) =>
      id === name ||
      certificate.checkHost(id, { subject: 'never', wildcards: false }) !== undefined,
  };
}
