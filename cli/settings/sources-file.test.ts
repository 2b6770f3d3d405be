import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConfiguredSource } from '../../ingest/sources/mqtt-source.ts';
import { parseSettings } from './read-settings.ts';
import { findSourceWarnings, parseSources, readSourcesFile } from './sources-file.ts';

function understand(document: unknown): readonly ConfiguredSource[] {
  const result = parseSources(document, '/etc/tunna');
  if (!result.ok) throw new Error(result.mistakes.join('\n'));
  return result.sources;
}

function mistakesOf(document: unknown): readonly string[] {
  const result = parseSources(document, '/etc/tunna');
  return result.ok ? [] : result.mistakes.map((text) => text.replace(/^TUNNA_SOURCES: /, ''));
}

const MQTT = { url: 'mqtts://broker.example.org', topics: ['a/#'] };

describe('a sources file', () => {
  test('says of a broker what it must, and the rest has its default', () => {
    expect(understand([{ name: 'city', mqtt: MQTT }])).toEqual([
      {
        name: 'city',
        mqtt: {
          url: 'mqtts://broker.example.org',
          topics: [{ filter: 'a/#', qos: 1 }],
          backfill: false,
          retained: false,
          states: false,
        },
      },
    ]);
  });

  test('names files from its own folder', () => {
    const mqtt = { ...MQTT, username: 'u', passwordFile: 'keys/p', caFile: '/srv/ca.pem' };
    const [source] = understand([{ name: 'city', mqtt }]);
    expect(source?.mqtt?.passwordFile).toBe('/etc/tunna/keys/p');
    expect(source?.mqtt?.caFile).toBe('/srv/ca.pem');
  });

  test('describes messages without fetching them', () => {
    const sources = [
      {
        name: 'hook',
        envelope: 'loriot',
        decoded: { fill: { path: 'level.fill', scale: 'remaining-percent' } },
      },
      { name: 'own', percentScale: 'ratio', timeZone: 'Europe/Stockholm', topics: ['parks/+'] },
    ];
    expect(understand(sources)).toEqual(sources);
  });

  test('tells a mistyped name with the nearest one', () => {
    const mqtt = { ...MQTT, topic: ['a'], urll: 'x', cleint: 'y' };
    expect(mistakesOf([{ name: 'city', envelop: 'senml', mqtt }])).toEqual([
      '[0].mqtt.topic is not known here; did you mean topics?',
      '[0].mqtt.urll is not known here; did you mean url?',
      expect.stringMatching(/^\[0\]\.mqtt\.cleint is not known here; these are: url, topics/),
      '[0].envelop is not known here; did you mean envelope?',
    ]);
    expect(mistakesOf([{ name: 'city', envelope: 'chirpstack-4' }])).toEqual([
      expect.stringMatching(/^\[0\]\.envelope must be one of .*; did you mean "chirpstack-v4"\?$/),
    ]);
  });

  test('has no passwords, and does not tell what stood in their place', () => {
    const inUrl = { ...MQTT, url: 'mqtts://me:hunter2@broker.example.org' };
    const mistakes = [
      ...mistakesOf([{ name: 'city', mqtt: { ...MQTT, password: 'hunter2' } }]),
      ...mistakesOf([{ name: 'city', mqtt: { ...MQTT, pasword: 'hunter2' } }]),
      ...mistakesOf([{ name: 'city', mqtt: inUrl }]),
      ...mistakesOf([{ name: 'city', mqtt: { ...MQTT, username: 7, passwordFile: ['hunter2'] } }]),
    ];
    expect(mistakes).toEqual([
      '[0].mqtt.password must not stand here: put it into a file of its own and name that in passwordFile',
      '[0].mqtt.pasword must not stand here: put it into a file of its own and name that in passwordFile',
      '[0].mqtt.url must not have credentials in it: say username and passwordFile',
      '[0].mqtt.username must be a user name',
      '[0].mqtt.passwordFile must be the path of a file',
    ]);
  });

  test.each([
    ['http://broker', 'must be a URL that starts with mqtt://'],
    ['broker:1883', 'must be a URL that starts with mqtt://'],
    ['mqtt://', 'must be a URL that starts with mqtt://'],
    ['mqtt://broker/path', 'must end behind the host and port'],
    ['wss://broker/mqtt#x', 'must end behind the host and port'],
    ['wss://broker/mqtt?clientId=x', 'must not have a clientId in it'],
  ])('cannot reach %s', (url, mistake) => {
    expect(mistakesOf([{ name: 'city', mqtt: { ...MQTT, url } }])).toEqual([
      expect.stringContaining(`[0].mqtt.url ${mistake}`),
    ]);
  });

  test.each(['mqtt://broker:1883', 'mqtt://[::1]:1883/', 'wss://broker/mqtt?x=1', 'ws://broker'])(
    'can reach %s',
    (url) => {
      expect(mistakesOf([{ name: 'city', mqtt: { ...MQTT, url } }])).toEqual([]);
    },
  );

  test('wants filters that MQTT knows, at a quality of service that is kept', () => {
    const topics = ['a/#/b', 'a+', '', { filter: 'ok', qos: 2 }, { qos: 0 }, 7];
    expect(mistakesOf([{ name: 'city', mqtt: { ...MQTT, topics } }])).toEqual([
      '[0].mqtt.topics[0].filter must be a topic filter: + fills a level, # is the last one',
      '[0].mqtt.topics[1].filter must be a topic filter: + fills a level, # is the last one',
      expect.stringContaining('[0].mqtt.topics[2].filter must be a topic filter: +'),
      '[0].mqtt.topics[3].qos must be 0 or 1; what is published at 2 comes at 1, and copies are recognised',
      '[0].mqtt.topics[4].filter is needed: a topic filter: + fills a level, # is the last one',
      '[0].mqtt.topics[5] must be an object',
    ]);
    expect(mistakesOf([{ name: 'city', mqtt: { ...MQTT, topics: [] } }])).toEqual([
      '[0].mqtt.topics must have at least one topic filter',
    ]);
  });

  test('gives credentials and certificates whole, and certificates with TLS only', () => {
    const of = (mqtt: object): readonly string[] =>
      mistakesOf([{ name: 'city', mqtt: { ...MQTT, ...mqtt } }]);
    expect(of({ passwordFile: 'p' })).toEqual([
      '[0].mqtt.username or usernameFile is needed together with passwordFile',
    ]);
    expect(of({ username: 'u', usernameFile: 'u' })).toHaveLength(1);
    expect(of({ certFile: 'c' })).toEqual(['[0].mqtt.keyFile is needed together with certFile']);
    expect(of({ keyFile: 'k' })).toEqual(['[0].mqtt.certFile is needed together with keyFile']);
    expect(of({ url: 'mqtt://broker', caFile: 'ca' })).toEqual([
      '[0].mqtt.caFile has no effect without TLS: the URL must start with mqtts:// or wss://',
    ]);
  });

  test('has each name once, of a kind that names a journal', () => {
    expect(mistakesOf([{ name: 'a' }, { name: 'b' }, { name: 'a' }])).toEqual([
      '[2].name must differ from [0].name, both are "a"',
    ]);
    for (const name of ['', 'A', 'a b', 'x'.repeat(25), '../a', undefined]) {
      expect(mistakesOf([{ name }])).toEqual([
        expect.stringMatching(/^\[0\]\.name (must|is needed)/),
      ]);
    }
  });

  test('is a list of objects', () => {
    expect(mistakesOf({ name: 'a' })).toEqual(['the file must be a list of sources']);
    expect(mistakesOf([7])).toEqual(['[0] must be an object']);
    expect(mistakesOf([{ name: 'a', timeZone: 'Mars/Base' }])).toEqual([
      '[0].timeZone must be a time zone, such as Europe/Stockholm',
    ]);
    const many = Array.from({ length: 30 }, () => 7);
    expect(mistakesOf(many)).toHaveLength(21);
  });

  test('is warned of when it sends a password in the clear over a network', () => {
    const of = (url: string): readonly string[] =>
      findSourceWarnings(
        understand([{ name: 'city', mqtt: { ...MQTT, url, username: 'u', passwordFile: 'p' } }]),
      );
    expect(of('mqtt://broker.example.org')).toEqual([
      'TUNNA_SOURCES: the source city sends its password to broker.example.org in the clear',
    ]);
    for (const url of ['mqtts://broker.example.org', 'mqtt://127.0.0.1', 'ws://[::1]:8083']) {
      expect(of(url)).toEqual([]);
    }
  });
});

describe('TUNNA_SOURCES', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'tunna-sources-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('the example of the manual is understood', () => {
    const file = fileURLToPath(new URL('../../docs/sources.example.json', import.meta.url));
    const result = readSourcesFile(file);
    expect(result).toMatchObject({ ok: true });
  });

  test('every source in the manual is understood', () => {
    const manual = readFileSync(new URL('../../docs/sources.md', import.meta.url), 'utf8');
    const examples = [...manual.matchAll(/```json\n(\{\n {2}"name"[\s\S]*?)```/g)];
    expect(examples.length).toBeGreaterThan(3);
    for (const [, text = ''] of examples) expect(mistakesOf([JSON.parse(text)])).toEqual([]);
  });

  test('a file that is not there, is no JSON or has mistakes is told with the other mistakes', () => {
    const of = (text?: string): readonly string[] => {
      if (text !== undefined) writeFileSync(path.join(folder, 's.json'), text);
      const result = parseSettings({ TUNNA_SOURCES: 's.json', TUNNA_BIND: 'x' }, folder);
      return result.ok ? [] : result.mistakes;
    };
    const bind = expect.stringContaining('TUNNA_BIND must be');
    expect(of()).toEqual([bind, expect.stringContaining('s.json cannot be read: ENOENT')]);
    expect(of('[{]')).toEqual([bind, expect.stringContaining('s.json is not JSON')]);
    expect(of('[{"name":"a","mqtt":{}}]')).toEqual([
      bind,
      'TUNNA_SOURCES: [0].mqtt.url is needed: a URL',
      'TUNNA_SOURCES: [0].mqtt.topics is needed: a list of topic filters',
    ]);
  });

  test('sources are part of the settings, and there are none without it', () => {
    writeFileSync(path.join(folder, 's.json'), '\uFEFF[{"name":"a"}]');
    const read = (raw: Record<string, string>) => parseSettings(raw, folder);
    expect(read({ TUNNA_SOURCES: 's.json' })).toMatchObject({
      ok: true,
      settings: { sources: [{ name: 'a' }] },
    });
    expect(read({})).toMatchObject({ ok: true, settings: { sources: [] } });
  });
});
