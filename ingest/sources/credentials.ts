import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { MqttConnectionOptions } from './mqtt-source.ts';

/** What a source shows of itself and wants to see, as its files have it now. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Reads the files that a source names. Throws, naming the file, when one cannot be read or is not what it should be. */
export function readCredentials(options: MqttConnectionOptions): Credentials {
  const { username, usernameFile, passwordFile, caFile, certFile, keyFile } = options;
  const name = usernameFile === undefined ? username : readSecret('usernameFile', usernameFile);
  const tls = {
    ...(caFile !== undefined && { ca: readNamed('caFile', caFile) }),
    ...(certFile !== undefined && { cert: readNamed('certFile', certFile) }),
    ...(keyFile !== undefined && { key: readNamed('keyFile', keyFile) }),
  };
  assertUsable(tls);
  return {
    ...(name !== undefined && { username: name }),
    ...(passwordFile !== undefined && { password: readSecret('passwordFile', passwordFile) }),
    ...tls,
  };
}

/** One line of text. Editors and `echo` end it with a line break, which no secret has. */
function readSecret(name: string, file: string): string {
  const text = readNamed(name, file)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (text === '') throw new Error(`${name}: ${file} is empty`);
  return text;
}

function readNamed(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function assertUsable(tls: Pick<Credentials, 'ca' | 'cert' | 'key'>): void {
  if (Object.keys(tls).length === 0) return;
  try {
    createSecureContext(tls);
    // An authority that is no certificate is passed over there, and would be missed at every connect.
    if (tls.ca !== undefined) void new X509Certificate(tls.ca);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`caFile, certFile and keyFile are not certificates and a key: ${reason}`, {
      cause: error,
    });
  }
}
