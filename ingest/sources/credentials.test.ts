import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCredentials } from './credentials.ts';
import type { MqttConnectionOptions } from './mqtt-source.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunna-credentials-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const BASE = { url: 'mqtts://b', topics: [], backfill: false, retained: false, states: false };

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function read(options: Partial<MqttConnectionOptions>) {
  return readCredentials({ ...BASE, ...options });
}

test('a secret is the line in its file, with every blank that is in it', () => {
  const passwordFile = write('p', ' hunter 2 \r\n');
  expect(read({ username: 'u', passwordFile })).toEqual({ username: 'u', password: ' hunter 2 ' });
  const usernameFile = write('u', 'me');
  expect(read({ usernameFile })).toEqual({ username: 'me' });
  expect(read({})).toEqual({});
});

test('a renewed secret is seen at the next reading', () => {
  const passwordFile = write('p', 'old\n');
  expect(read({ username: 'u', passwordFile }).password).toBe('old');
  write('p', 'new\n');
  expect(read({ username: 'u', passwordFile }).password).toBe('new');
});

test('a file that is not there, is empty or is no certificate is named', () => {
  const missing = join(folder, 'missing');
  expect(() => read({ username: 'u', passwordFile: missing })).toThrow(
    `passwordFile: ENOENT: no such file or directory, open '${missing}'`,
  );
  const empty = write('empty', '\n');
  expect(() => read({ username: 'u', passwordFile: empty })).toThrow(
    `passwordFile: ${empty} is empty`,
  );
  const text = write('text', 'no certificate');
  expect(() => read({ certFile: text, keyFile: text })).toThrow(/are not certificates and a key/);
  expect(() => read({ caFile: text })).toThrow(/are not certificates and a key/);
});
