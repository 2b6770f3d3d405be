import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { errorText } from '../../domain/error-text.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import type { Settings } from '../settings/settings.ts';

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** The authority of the clients' certificates. */
  readonly clientCa?: Buffer;
}

/** The certificate and its key, or undefined when none is set. Throws a {@link Refusal} when they are not a pair. */
export function readTlsFiles({ tls }: Pick<Settings, 'tls'>): TlsFiles | undefined {
  if (tls === undefined) return undefined;
  const cert = readSetting('TUNNA_TLS_CERT', tls.certFile);
  const key = readSetting('TUNNA_TLS_KEY', tls.keyFile);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const message = `TUNNA_TLS_CERT and TUNNA_TLS_KEY are not a certificate and its key: ${errorText(error)}`;
    throw new Refusal(EXIT.config, message, { cause: error });
  }
  if (tls.clientCaFile === undefined) return { cert, key };
  return { cert, key, clientCa: readAuthority(tls.clientCaFile) };
}

/** OpenSSL passes over a file that holds no certificate, which would let nobody in. */
function readAuthority(file: string): Buffer {
  const clientCa = readSetting('TUNNA_TLS_CLIENT_CA', file);
  try {
    // Only to see that the first one is a certificate.
    void new X509Certificate(clientCa).subject;
    createSecureContext({ ca: clientCa });
    return clientCa;
  } catch (error) {
    const message = `TUNNA_TLS_CLIENT_CA is no certificate: ${errorText(error)}`;
    throw new Refusal(EXIT.config, message, { cause: error });
  }
}

function readSetting(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Refusal(EXIT.config, `${name}: ${errorText(error)}`, { cause: error });
  }
}
