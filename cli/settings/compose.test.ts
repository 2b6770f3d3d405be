import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseSettings } from './read-settings.ts';
import type { Settings } from './settings.ts';

const ROOT = new URL('../../', import.meta.url);

const Compose = z.looseObject({
  services: z.record(
    z.string(),
    z.looseObject({
      image: z.string(),
      profiles: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.coerce.string()).optional(),
      ports: z.array(z.string()).optional(),
      volumes: z.array(z.string()).optional(),
      depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
    }),
  ),
  volumes: z.record(z.string(), z.unknown()),
});

const text = readFileSync(new URL('docker-compose.yml', ROOT), 'utf8');
const compose = Compose.parse(parse(text, { merge: true }));
const operations = readFileSync(new URL('docs/operations.md', ROOT), 'utf8');

const tunnaServices = Object.entries(compose.services).filter(([name]) => name.startsWith('tunna'));

/** As Compose does it: `${NAME:-default}`, and for `${NAME:?why}` a value that somebody has set. */
function interpolate(value: string): string {
  return value
    .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
    .replaceAll(/\$\{(\w+):\?[^}]*\}/g, 'SampleSecret');
}

const SAMPLE_SOURCES = fileURLToPath(new URL('docs/sources.example.json', ROOT));

function settingsOf(environment: Record<string, string> = {}): Settings {
  const raw = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, interpolate(value)]),
  );
  // What the operator is to put on the volume.
  if (raw['TUNNA_SOURCES']) raw['TUNNA_SOURCES'] = SAMPLE_SOURCES;
  const result = parseSettings(raw, '/app');
  if (!result.ok) throw new Error(result.mistakes.join('\n'));
  return result.settings;
}

describe('docker-compose.yml', () => {
  test.each(tunnaServices)('%s has an environment that Tunna understands', (_, service) => {
    const settings = settingsOf(service.environment);
    expect(settings).toMatchObject({ production: true, demo: false, dataFolder: '/data' });
  });

  test('each service uses the database of its profile', () => {
    const kinds = tunnaServices.map(([name, service]) => {
      const { history, database } = settingsOf(service.environment);
      return [name, history.kind, database.startsWith('postgres:')];
    });
    expect(kinds).toEqual([
      ['tunna', 'influx2', false],
      ['tunna-influxdb3', 'influx2', false],
      ['tunna-influxdb1', 'influx1', false],
      ['tunna-postgres', 'sqlite', true],
      ['tunna-external', 'sqlite', false],
    ]);
  });

  test('every profile in the manual exists, and every other one is in the manual', () => {
    const table = /\| Profile[\s\S]*?\n\n/.exec(operations)?.[0] ?? '';
    const documented = [...table.matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name);
    const used = Object.values(compose.services).flatMap(({ profiles = [] }) => profiles);
    expect(new Set(documented)).toEqual(new Set(used));
  });

  test('no port is open beyond this machine', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('every secret must be set by the operator, and every image has its version', () => {
    for (const { environment = {}, image } of Object.values(compose.services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (/PASSWORD|TOKEN/.test(name)) expect(value).toMatch(/^\$\{\w+:\?/);
      }
      expect(image).toMatch(/:(?!latest)[\w.-]+$/);
    }
  });

  test('every service and volume that is referred to exists', () => {
    for (const service of Object.values(compose.services)) {
      const { depends_on: needed = [], volumes = [] } = service;
      const names = Array.isArray(needed) ? needed : Object.keys(needed);
      for (const name of names) expect(Object.keys(compose.services)).toContain(name);
      for (const volume of volumes) {
        expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
      }
    }
  });
});
