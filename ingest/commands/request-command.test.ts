import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommandRequest } from '../../domain/command.ts';
import { deviceId } from '../../domain/testing/test-ids.ts';
import { findCommand, listCommands } from '../../store/commands.ts';
import type { Store } from '../../store/database.ts';
import { saveDevices } from '../../store/devices.ts';
import { revokePrincipal, savePrincipal } from '../../store/principals.ts';
import { commandId } from '../../store/testing/command-draft.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';
import { storeArrivals } from '../store-arrivals.ts';
import { chirpStackUp, thingsStackUp } from '../testing/network-documents.ts';
import { addMountedDevice, arrival } from '../testing/sample-town.ts';
import { CHIRPSTACK_EUI, THINGS_STACK_EUI } from '../testing/town-story.ts';
import { planCommand, requestCommand } from './request-command.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const ID = commandId(1);
const MINUTE_MS = 60_000;

let opened: Awaited<ReturnType<typeof openTestStore>>;
let store: Store;

beforeEach(async () => {
  opened = await openTestStore();
  store = opened.store;
  const model = 'milesight/em400-mud';
  await addMountedDevice(store, { bin: 'b-1', id: 'dev-1', model: null }, NOW);
  await addMountedDevice(store, { bin: 'b-2', id: CHIRPSTACK_EUI, model }, NOW);
  await addMountedDevice(store, { bin: 'b-3', id: THINGS_STACK_EUI, model: null }, NOW);
  for (const [id, kind, prefixes] of [
    ['dev-1', 'device', []],
    ['lorawan', 'gateway', ['v3/#', 'application/#']],
  ] as const) {
    await savePrincipal(store, { id, kind, prefixes, backfill: false }, 'token');
  }
});

afterEach(() => opened[Symbol.asyncDispose]());

async function hear(...messages: Parameters<typeof arrival>[0][]): Promise<void> {
  const arrivals = messages.map((message) => arrival({ receivedAtMs: NOW, ...message }));
  await store.db.transaction().execute((trx) => storeArrivals(trx, store, arrivals));
}

const frame = { counter: 1, distanceMm: 800, heardAtMs: NOW };
const ownUp = { topic: 'bins/dev-1/up', payload: { fillPercent: 40 }, principal: 'dev-1' };

function ask(id: string, command: CommandRequest, expiresInMs?: number) {
  const order = { deviceId: deviceId(id), command, requestedBy: 'test', expiresInMs };
  return requestCommand(store, order, { id: ID, nowMs: NOW });
}

const hourly = { kind: 'set-report-interval', seconds: 3_600 } as const;

async function readQueued() {
  const row = await findCommand(store, ID);
  return { ...row, payload: JSON.parse(row?.payload ?? 'null') as unknown };
}

describe('a command', () => {
  test('for a device of one’s own is JSON with its id and end', async () => {
    await hear(ownUp);
    expect(await ask('dev-1', hourly, 10 * MINUTE_MS)).toMatchObject({ ok: true });
    expect(await readQueued()).toMatchObject({
      state: 'queued',
      door: 'broker',
      principal: 'dev-1',
      topic: 'bins/dev-1/down',
      f_port: null,
      requested_by: 'test',
      expires_at: NOW + 10 * MINUTE_MS,
      payload: {
        commandId: ID,
        command: 'set-report-interval',
        seconds: 3_600,
        expiresAt: '2026-11-24T12:10:00.000Z',
      },
    });
  });

  test('behind The Things Stack is a confirmed downlink of the codec that its uplinks name', async () => {
    await hear({ ...thingsStackUp(frame), principal: 'lorawan' });
    expect(await ask(THINGS_STACK_EUI, hourly)).toMatchObject({ ok: true });
    expect(await readQueued()).toMatchObject({
      principal: 'lorawan',
      network_name: 'a-name',
      topic: 'v3/bins@ttn/devices/a-name/down/push',
      f_port: 3,
      bytes: Buffer.from('80029999010181'),
      payload: {
        downlinks: [
          {
            f_port: 3,
            frm_payload: Buffer.from('80029999010181').toString('base64'),
            priority: 'NORMAL',
            confirmed: true,
            correlation_ids: [`tunna:${ID}`],
          },
        ],
      },
    });
  });

  test('behind ChirpStack carries its id, and raw bytes as they are', async () => {
    await hear({ ...chirpStackUp(frame), principal: 'lorawan' });
    const bytes = Uint8Array.of(0xff, 0x10, 0xff);
    expect(await ask(CHIRPSTACK_EUI, { kind: 'raw', fPort: 85, bytes })).toMatchObject({
      ok: true,
    });
    expect(await readQueued()).toMatchObject({
      topic: `application/5b1b8c5e-0000-4000-8000-000000000001/device/${CHIRPSTACK_EUI}/command/down`,
      request: '{"kind":"raw","fPort":85,"bytesHex":"ff10ff"}',
      payload: { devEui: CHIRPSTACK_EUI, confirmed: true, fPort: 85, data: '/xD/', id: ID },
    });
  });

  test('takes the way of the newest message that has one', async () => {
    await hear({ ...chirpStackUp(frame), principal: 'lorawan' });
    const later = chirpStackUp({ ...frame, counter: 2 });
    await hear({ ...later, door: 'webhooks', receivedAtMs: NOW + 1 });
    expect(await ask(CHIRPSTACK_EUI, hourly)).toMatchObject({ ok: true });
    expect(await readQueued()).toMatchObject({ door: 'broker', principal: 'lorawan' });
  });

  test('that is only planned is not queued', async () => {
    await hear(ownUp);
    const order = { deviceId: deviceId('dev-1'), command: hourly, requestedBy: 'test' };
    expect(await planCommand(store, order, { id: ID, nowMs: NOW })).toMatchObject({ ok: true });
    expect(await listCommands(store, { limit: 10 })).toEqual([]);
  });
});

describe('a command is refused', () => {
  test.each<readonly [string, () => Promise<unknown>, string, string]>([
    ['for a device that nobody knows', async () => {}, 'stranger', 'unknown-device'],
    ['for one that was never heard', async () => {}, 'dev-1', 'never-heard'],
    [
      'for one that is heard over HTTP alone',
      () => hear({ ...ownUp, door: 'webhooks' }),
      'dev-1',
      'no-way-back',
    ],
    [
      'for one that nobody speaks for',
      () => hear({ ...ownUp, principal: null }),
      'dev-1',
      'no-way-back',
    ],
    [
      'for one that was shut out',
      async () => {
        await hear(ownUp);
        await revokePrincipal(store, 'dev-1', NOW);
      },
      'dev-1',
      'revoked',
    ],
  ])('%s', async (_name, prepare, id, reason) => {
    await prepare();
    expect(await ask(id, hourly)).toMatchObject({ ok: false, reason });
    expect(await listCommands(store, { limit: 10 })).toEqual([]);
  });

  test('when the device cannot do it, or not with this value', async () => {
    await hear(ownUp, { ...chirpStackUp(frame), principal: 'lorawan' });
    const fire = { kind: 'set-fire-threshold', temperatureC: 70 } as const;
    expect(await ask(CHIRPSTACK_EUI, fire)).toMatchObject({ reason: 'unsupported' });
    const tooOften = { kind: 'set-report-interval', seconds: 10 } as const;
    expect(await ask(CHIRPSTACK_EUI, tooOften)).toMatchObject({ reason: 'out-of-range' });
    const nothing = { kind: 'raw', bytes: new Uint8Array() } as const;
    expect(await ask('dev-1', nothing)).toMatchObject({ reason: 'out-of-range' });
    const backwards = { kind: 'set-empty-distance', distanceMm: -5 } as const;
    expect(await ask('dev-1', backwards)).toMatchObject({ reason: 'out-of-range' });
    expect(await ask('dev-1', hourly, 1)).toMatchObject({ reason: 'out-of-range' });
    expect(await listCommands(store, { limit: 10 })).toEqual([]);
  });

  test('for bytes alone when nobody knows the model', async () => {
    await saveDevices(store, [
      { id: deviceId(CHIRPSTACK_EUI), model: null, reportIntervalSeconds: null },
    ]);
    const topic = `application/1/device/${CHIRPSTACK_EUI}/event/join`;
    const payload = { time: new Date(NOW).toISOString(), deviceInfo: { devEui: CHIRPSTACK_EUI } };
    await hear({ topic, payload, principal: 'lorawan' });
    const refused = await ask(CHIRPSTACK_EUI, hourly);
    expect(refused).toMatchObject({ reason: 'unsupported' });
    expect(refused).toHaveProperty('detail', expect.stringContaining('only raw bytes'));
  });
});
