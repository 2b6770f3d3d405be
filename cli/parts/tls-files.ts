import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { errorText } from '../../domain/error-text.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import type { Settings } from '../settings/settings.ts';

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
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
  return { cert, key };
}

function readSetting(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Refusal(EXIT.config, `${name}: ${errorText(error)}`, { cause: error });
  }
}
