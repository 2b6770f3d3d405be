import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTlsFiles } from './tls-files.ts';
import { TlsWatch } from './tls-watch.ts';

let folder: string;
let said: string[];
let replaced: number;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tunna-watch-'));
  said = [];
  replaced = 0;
  makePair('first');
  makePair('second');
  install('first');
});
afterEach(() => rmSync(folder, { recursive: true }));

function place(name: string): string {
  return path.join(folder, name);
}

function makePair(name: string): void {
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const output = ['-keyout', place(`${name}.key`), '-out', place(`${name}.pem`)];
  execFileSync('openssl', ['req', '-x509', ...kind, ...output, '-subj', `/CN=${name}`], {
    stdio: 'ignore',
  });
}

function install(name: string): void {
  copyFileSync(place(`${name}.pem`), place('cert.pem'));
  copyFileSync(place(`${name}.key`), place('key.pem'));
}

function watch(): TlsWatch {
  const settings = {
    tls: { certFile: place('cert.pem'), keyFile: place('key.pem'), clientCertificates: 'optional' },
  } as const;
  const files = readTlsFiles(settings);
  if (files === undefined) throw new Error('there is a certificate');
  const log = {
    info: () => said.push('info'),
    error: ({ fault }: { fault: string }) => said.push(fault),
  };
  return new TlsWatch(settings, files, () => (replaced += 1), log);
}

test('files that are as they were change nothing, also when they were written again', () => {
  using watched = watch();
  install('first');
  watched.look();
  expect([replaced, said]).toEqual([0, []]);
});

test('a renewed certificate is taken into use, once', () => {
  using watched = watch();
  install('second');
  watched.look();
  watched.look();
  expect([replaced, said]).toEqual([1, ['info']]);
});

test('a half-written, an alien and a missing file change nothing and are told once', () => {
  using watched = watch();
  copyFileSync(place('second.pem'), place('cert.pem'));
  watched.look();
  watched.look();
  writeFileSync(place('cert.pem'), 'no certificate');
  watched.look();
  rmSync(place('cert.pem'));
  watched.look();
  expect(replaced).toBe(0);
  expect(said).toHaveLength(3);
  install('second');
  watched.look();
  expect(replaced).toBe(1);
});
