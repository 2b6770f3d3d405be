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
  sign(name: string, alternative = 'IP:127.0.0.1'): Pair {
    const pair = this.#place(name);
    const trust = ['-CA', this.cert, '-CAkey', this.key];
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${alternative}`];
    const output = ['-keyout', pair.key, '-out', pair.cert];
    openssl(['req', '-x509', ...KEY, ...trust, ...output, ...subject]);
    return pair;
  }

  /** One whose time is over. */
  signExpired(name: string): Pair {
    const pair = this.#place(name);
    const request = path.join(this.#folder, `${name}.csr`);
    openssl(['req', '-new', ...KEY, '-keyout', pair.key, '-out', request, '-subj', `/CN=${name}`]);
    const trust = ['-CA', this.cert, '-CAkey', this.key];
    openssl(['x509', '-req', '-in', request, ...trust, '-days', '-1', '-out', pair.cert]);
    return pair;
  }

  #place(name: string): Pair {
    return {
      cert: path.join(this.#folder, `${name}.pem`),
      key: path.join(this.#folder, `${name}.key`),
    };
  }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}
