import { expect, test } from 'vitest';
import { historyUplinks } from './history.ts';
import { HISTORY_PRINCIPAL_ID, sensorPrincipal, townRegistrations } from './register.ts';
import { createTown } from './town.ts';

const town = createTown({ seed: 1, binCount: 160 });
const registrations = townRegistrations(town);

test('every bin has a device, a mounting and a principal', () => {
  expect(registrations.bins).toHaveLength(160);
  expect(registrations.devices).toHaveLength(160);
  expect(registrations.mountings).toHaveLength(160);
  expect(registrations.principals).toHaveLength(161);
  expect(new Set(registrations.principals.map(({ id }) => id)).size).toBe(161);
});

test('own devices speak for themselves, and the others through a gateway of their own', () => {
  for (const { sensor } of town.bins) {
    const principal = sensorPrincipal(sensor);
    if (sensor.envelope === 'own-json') {
      expect(principal).toEqual({
        id: sensor.deviceId,
        kind: 'device',
        prefixes: [],
        backfill: false,
      });
      continue;
    }
    expect(principal.id).toBe(`gw-${sensor.deviceId}`);
    expect(principal.kind).toBe('gateway');
    expect(principal.prefixes).toHaveLength(1);
  }
});

test('every sensor publishes under the prefix its principal has, and only there', () => {
  const filters = new Map(
    town.bins.map(({ sensor }) => {
      const [prefix = `bins/${sensor.deviceId}/#`] = sensorPrincipal(sensor).prefixes;
      return [prefix.slice(0, -1), sensor.deviceId] as const;
    }),
  );
  const options = { town, endMs: Date.UTC(2026, 10, 24), days: 1, stepSeconds: 7200 };
  for (const { topic } of historyUplinks(options)) {
    const owner = filters.get(topic.slice(0, topic.lastIndexOf('/') + 1));
    expect(owner, topic).toBeDefined();
    expect(topic).toContain(owner);
  }
});

test('the history has a gateway with the right to write the past everywhere', () => {
  expect(registrations.principals.at(-1)).toEqual({
    id: HISTORY_PRINCIPAL_ID,
    kind: 'gateway',
    prefixes: ['bins/#', 'v3/#', 'application/#'],
    backfill: true,
  });
});

test('own JSON devices are registered without a model, others with their codec', () => {
  const models = new Set(registrations.devices.map(({ model }) => model));
  expect(models).toEqual(
    new Set([
      'dingtek/df702',
      'dingtek/df703',
      'milesight/em310-udl',
      'milesight/em400-mud',
      'milesight/em400-tld',
      'netvox/r718x',
      null,
    ]),
  );
});
