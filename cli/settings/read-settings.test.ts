import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFINITIONS, SETTING_NAMES } from './definitions.ts';
import { parseSettings, readRawSettings } from './read-settings.ts';
import type { RawSettings } from './read-settings.ts';
import type { Settings } from './settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tunna-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function understand(raw: RawSettings): Settings {
  const result = parseSettings(raw, '/srv');
  if (!result.ok) throw new Error(result.mistakes.join('\n'));
  return result.settings;
}

function mistakesOf(raw: RawSettings): readonly string[] {
  const result = parseSettings(raw, '/srv');
  return result.ok ? [] : result.mistakes;
}

function warningsOf(raw: RawSettings): readonly string[] {
  const result = parseSettings(raw, '/srv');
  return result.ok ? result.warnings : [];
}

describe('settings', () => {
  test('an empty environment is a demo on loopback with SQLite', () => {
    expect(understand({})).toMatchObject({
      production: false,
      dataFolder: '/srv/data',
      database: '/srv/data/tunna.sqlite',
      bind: '127.0.0.1',
      httpPort: 8080,
      mqttPort: 1883,
      mqttWsPort: 8083,
      history: { kind: 'sqlite' },
      demo: true,
      simulator: { seed: 1, bins: 160, timeLapse: 30 },
    });
  });

  test('every default is understood when it is written out', () => {
    const written = SETTING_NAMES.filter((name) => name !== 'TUNNA_DEMO').map(
      (name) => [name, DEFINITIONS[name].default] as const,
    );
    expect(understand(Object.fromEntries(written))).toEqual(understand({}));
  });

  test('all mistakes are told together, each with its name and what was got', () => {
    const mistakes = mistakesOf({
      TUNNA_HTP_PORT: '80',
      TUNNA_MQTT_PORT: '99999',
      TUNNA_BIND: 'example.org',
      TUNNA_STORE: 'influx1',
      TUNNA_TLS_CERT: 'cert.pem',
    });
    expect(mistakes).toEqual([
      'TUNNA_HTP_PORT is not a setting; did you mean TUNNA_HTTP_PORT?',
      'TUNNA_BIND must be an IP address or localhost, got "example.org"',
      'TUNNA_MQTT_PORT must be a port from 0 to 65535, got "99999"',
      'TUNNA_INFLUX_URL is needed when TUNNA_STORE is influx1',
      'TUNNA_INFLUX_DATABASE is needed when TUNNA_STORE is influx1',
      'TUNNA_TLS_KEY is needed together with TUNNA_TLS_CERT',
    ]);
  });

  test.each([
    ['1e3', 'a number in another notation'],
    ['-1', 'a negative number'],
    ['80.5', 'a fraction'],
    ['0x50', 'a hexadecimal number'],
  ])('a port is not %s, %s', (text) => {
    expect(mistakesOf({ TUNNA_HTTP_PORT: text })).toHaveLength(1);
  });

  test('an empty text counts as not set', () => {
    expect(understand({ TUNNA_HTTP_PORT: '', TUNNA_TILE_URL: ' ' }).httpPort).toBe(8080);
  });

  test('a secret is not printed when it is wrong', () => {
    const [mistake = ''] = mistakesOf({ TUNNA_DATABASE_URL: 'mysql://root:hunter2@db/tunna' });
    expect(mistake).toContain('TUNNA_DATABASE_URL must be a URL that starts with postgres://');
    expect(mistake).not.toContain('hunter2');
  });

  test('a URL that no database can be reached by is a mistake, not a failure later', () => {
    expect(mistakesOf({ TUNNA_DATABASE_URL: 'postgres://u:hun#ter2@db/tunna' })).toEqual([
      expect.stringContaining('special characters of the password are percent-encoded'),
    ]);
    const encoded = 'postgres://u:hun%23ter2@db/tunna';
    expect(understand({ TUNNA_DATABASE_URL: encoded }).database).toBe(encoded);
  });

  test('a tile URL names all three of zoom, column and row', () => {
    expect(mistakesOf({ TUNNA_TILE_URL: 'https://t.example/{z}/{x}.png' })).toHaveLength(1);
    expect(mistakesOf({ TUNNA_TILE_URL: '/tiles/{z}/{x}/{y}.png' })).toEqual([]);
  });

  test('two servers cannot share a port, but any number may take any free one', () => {
    expect(mistakesOf({ TUNNA_MQTT_PORT: '8080' })).toEqual([
      'TUNNA_MQTT_PORT must differ from TUNNA_HTTP_PORT, both are 8080',
    ]);
    expect(mistakesOf({ TUNNA_MQTT_PORT: '0', TUNNA_HTTP_PORT: '0' })).toEqual([]);
  });

  test('an open broker is for loopback only', () => {
    expect(mistakesOf({ TUNNA_MQTT_OPEN: '1' })).toEqual([]);
    expect(mistakesOf({ TUNNA_MQTT_OPEN: '1', TUNNA_BIND: '0.0.0.0' })).toEqual([
      'TUNNA_MQTT_OPEN lets anybody in, so TUNNA_BIND must be a loopback address, got "0.0.0.0"',
    ]);
  });

  test('production has no demo, no open broker and no tiles of others', () => {
    const settings = understand({ NODE_ENV: 'production' });
    expect(settings).toMatchObject({ demo: false, tiles: null });
    const open = { NODE_ENV: 'production', TUNNA_DEMO: '1', TUNNA_MQTT_OPEN: 'yes' };
    expect(mistakesOf(open)).toEqual([
      'TUNNA_MQTT_OPEN must be 0 in production',
      'TUNNA_DEMO must be 0 in production',
    ]);
  });

  test('production takes no tokens without TLS beyond loopback, unless somebody says so', () => {
    const bare = { NODE_ENV: 'production', TUNNA_BIND: '0.0.0.0' };
    const tls = { TUNNA_TLS_CERT: 'c', TUNNA_TLS_KEY: 'k' };
    const overMqtt = expect.stringContaining(
      'over MQTT without TLS: set TUNNA_MQTT_BIND=127.0.0.1',
    );
    const overHttp = expect.stringContaining('over HTTP without TLS: set TUNNA_TLS_CERT');
    expect(mistakesOf(bare)).toEqual([overMqtt, overHttp]);
    expect(mistakesOf({ ...bare, ...tls })).toEqual([overMqtt]);
    expect(mistakesOf({ ...bare, TUNNA_MQTT_BIND: '127.0.0.1' })).toEqual([overHttp]);
    expect(mistakesOf({ NODE_ENV: 'production', TUNNA_MQTT_BIND: '::' })).toEqual([overMqtt]);
    expect(mistakesOf({ ...bare, ...tls, TUNNA_MQTT_BIND: '127.0.0.1' })).toEqual([]);
    expect(mistakesOf({ ...bare, TUNNA_ALLOW_PLAINTEXT: '1' })).toEqual([]);
    expect(mistakesOf({ TUNNA_BIND: '0.0.0.0' })).toEqual([]);
  });

  test('certificates of clients need an authority, and TLS', () => {
    expect(mistakesOf({ TUNNA_TLS_CLIENT_CA: 'ca' })).toHaveLength(1);
    expect(mistakesOf({ TUNNA_TLS_CLIENT_CERTS: 'required' })).toHaveLength(1);
  });

  test('InfluxDB 2 gets what it needs, and its token only when it is chosen', () => {
    const influx = {
      TUNNA_INFLUX_URL: 'http://influx:8086',
      TUNNA_INFLUX_ORG: 'town',
      TUNNA_INFLUX_BUCKET: 'bins',
      TUNNA_INFLUX_TOKEN: 'secret',
    };
    expect(understand({ ...influx, TUNNA_STORE: 'influx2' }).history).toEqual({
      kind: 'influx2',
      url: 'http://influx:8086',
      org: 'town',
      bucket: 'bins',
      token: 'secret',
      database: 'bins',
      retentionPolicy: undefined,
    });
    expect(warningsOf(influx)[0]).toContain('no effect while TUNNA_STORE is sqlite');
  });
});

describe('the file .env', () => {
  test('gives settings, and the environment wins over it', () => {
    writeFileSync(
      path.join(folder, '.env'),
      '# ports\nTUNNA_HTTP_PORT=1111\nexport TUNNA_MQTT_PORT="2222"\nPATH=/nowhere\n',
    );
    const raw = readRawSettings({ TUNNA_HTTP_PORT: '3333', HOME: '/root' }, folder);
    expect(raw).toEqual({ TUNNA_HTTP_PORT: '3333', TUNNA_MQTT_PORT: '2222' });
  });

  test('is understood with the byte order mark of a Windows editor', () => {
    writeFileSync(path.join(folder, '.env'), '\uFEFFNODE_ENV=production\r\nTUNNA_DEMO=0\r\n');
    expect(readRawSettings({}, folder)).toEqual({ NODE_ENV: 'production', TUNNA_DEMO: '0' });
  });

  test('may be absent', () => {
    expect(readRawSettings({ NODE_ENV: 'test' }, folder)).toEqual({ NODE_ENV: 'test' });
  });
});

describe('an external broker', () => {
  const write = (document: object): string => {
    const file = path.join(folder, 'sources.json');
    writeFileSync(file, JSON.stringify(document));
    return file;
  };
  const city = (mqtt: object = {}): object[] => [
    { name: 'city', mqtt: { url: 'mqtts://broker.example.org', topics: ['bins/+/up'], ...mqtt } },
  ];

  test('needs sources, one of which fetches from a broker', () => {
    expect(mistakesOf({ TUNNA_BROKER: 'external' })).toEqual([
      'TUNNA_SOURCES is needed when TUNNA_BROKER is external',
    ]);
    const file = write([{ name: 'hooks', envelope: 'loriot' }]);
    expect(mistakesOf({ TUNNA_BROKER: 'external', TUNNA_SOURCES: file })).toEqual([
      `TUNNA_SOURCES: ${file} needs a source with mqtt when TUNNA_BROKER is external`,
    ]);
  });

  test('has no demo, no open door, and no ports of ours that could be taken twice', () => {
    const raw = { TUNNA_BROKER: 'external', TUNNA_SOURCES: write(city({ states: true })) };
    expect(understand({ ...raw, TUNNA_MQTT_PORT: '8080' })).toMatchObject({
      hasExternalBroker: true,
      demo: false,
    });
    expect(warningsOf(raw)).toEqual([]);
    expect(mistakesOf({ ...raw, TUNNA_DEMO: '1', TUNNA_MQTT_OPEN: '1' })).toEqual([
      'TUNNA_MQTT_OPEN must be 0 when TUNNA_BROKER is external',
      'TUNNA_DEMO must be 0 when TUNNA_BROKER is external',
    ]);
  });

  test('to which nobody publishes levels is worth a warning', () => {
    const raw = { TUNNA_BROKER: 'external', TUNNA_SOURCES: write(city()) };
    expect(warningsOf(raw)).toEqual([
      'TUNNA_SOURCES: no source has "states": true, so that no level is published over MQTT',
    ]);
  });

  test('whose levels would be read back is refused', () => {
    const raw = { TUNNA_SOURCES: write(city({ states: true, topics: ['bins/+/up', '#'] })) };
    expect(mistakesOf(raw)).toEqual([
      'TUNNA_SOURCES: [0].mqtt.states cannot be true while topics[1] fetches what is published there',
    ]);
  });
});

describe('a worker', () => {
  test('is one of as many as there are', () => {
    expect(understand({ TUNNA_WORKER: '2/3' }).worker).toEqual({ index: 2, count: 3 });
    for (const text of ['0/1', '3/2', '1', 'a/b', '1/1000']) {
      expect(mistakesOf({ TUNNA_WORKER: text })).toEqual([
        `TUNNA_WORKER must be such as 2/3, for the second of three, got "${text}"`,
      ]);
    }
  });
});
