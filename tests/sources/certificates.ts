import { execFileSync } from 'node:child_process';
import path from 'node:path';

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority of our own and what it signs, as files in a folder. */
export class Authority implements Pair {
  readonly cert: string;
  readonly key: string;
  readonly #folder: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.cert = path.join(folder, `${name}.pem`);
    this.key = path.join(folder, `${name}.key`);
    const output = ['-keyout', this.key, '-out', this.cert];
    openssl(['req', '-x509', ...KEY, ...output, '-subj', `/CN=${name}`]);
  }

  /** A certificate for 127.0.0.1, or for a client, under a name. */
  sign(name: string): Pair {
    const cert = path.join(this.#folder, `${name}.pem`);
    const key = path.join(this.#folder, `${name}.key`);
    const trust = ['-CA', this.cert, '-CAkey', this.key];
    const alternative = ['-addext', 'subjectAltName=IP:127.0.0.1'];
    const subject = ['-subj', `/CN=${name}`, ...alternative];
    openssl(['req', '-x509', ...KEY, ...trust, '-keyout', key, '-out', cert, ...subject]);
    return { cert, key };
  }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}
