import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { errorText } from '../../domain/error-text.ts';
import type { Settings } from '../settings/settings.ts';
import { readTlsFiles } from './tls-files.ts';
import type { TlsFiles } from './tls-files.ts';

/** How often the files are read: a renewed certificate has days, a test has not. */
const EVERY_MS = 2_000;

/**
 * Takes a renewed certificate into use while clients are connected. The files are read, not watched: what renews them moves links,
 * folders or mounts, which no watch survives. New files that do not fit each other, as while they are being written, change nothing.
 */
export class TlsWatch implements Disposable {
  readonly #settings: Pick<Settings, 'tls'>;
  readonly #replace: (files: TlsFiles) => void;
  readonly #log: Pick<Logger, 'info' | 'error'>;
  readonly #timer: NodeJS.Timeout;
  #inUse: string;
  /** What was wrong when we last looked, so that it is said once. */
  #fault = '';

  constructor(
    settings: Pick<Settings, 'tls'>,
    inUse: TlsFiles,
    replace: (files: TlsFiles) => void,
    log: Pick<Logger, 'info' | 'error'>,
  ) {
    this.#settings = settings;
    this.#inUse = fingerprint(inUse);
    this.#replace = replace;
    this.#log = log;
    this.#timer = setInterval(() => this.look(), EVERY_MS);
    this.#timer.unref();
  }

  /** Reads the files, and takes them into use when they are others than those in use. */
  look(): void {
    try {
      const files = readTlsFiles(this.#settings);
      if (files !== undefined && fingerprint(files) !== this.#inUse) {
        this.#replace(files);
        this.#inUse = fingerprint(files);
        this.#log.info({}, 'a new certificate is in use; connections that stand keep the old one');
      }
      this.#fault = '';
    } catch (error) {
      const fault = errorText(error);
      if (fault === this.#fault) return;
      this.#fault = fault;
      this.#log.error({ fault }, 'the new certificate cannot be used; the old one stays');
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

function fingerprint({ cert, key, clientCa }: TlsFiles): string {
  const hash = createHash('sha256').update(cert).update('\0').update(key).update('\0');
  return hash.update(clientCa ?? '').digest('hex');
}
