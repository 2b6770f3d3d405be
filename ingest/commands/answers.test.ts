import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimCommand } from '../../store/command-sending.ts';
import { addCommand, findCommand } from '../../store/commands.ts';
import type { Store } from '../../store/database.ts';
import { listQuarantine } from '../../store/quarantine.ts';
import { commandDraft, commandId } from '../../store/testing/command-draft.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';
import { storeArrivals } from '../store-arrivals.ts';
import { addMountedDevice, arrival } from '../testing/sample-town.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const ID = commandId(1);
const CHIRPSTACK = '24e124713c140001';
const THINGS_STACK = '70b3d5e75e000002';

let opened: Awaited<ReturnType<typeof openTestStore>>;
let store: Store;

beforeEach(async () => {
  opened = await openTestStore();
  store = opened.store;
  const model = 'milesight/em400-mud';
  await addMountedDevice(store, { bin: 'b-1', id: 'dev-1', model: null }, NOW);
  await addMountedDevice(store, { bin: 'b-2', id: CHIRPSTACK, model }, NOW);
  await addMountedDevice(store, { bin: 'b-3', id: THINGS_STACK, model: null }, NOW);
});

afterEach(() => opened[Symbol.asyncDispose]());

type Message = Parameters<typeof arrival>[0];

async function hear(...messages: readonly Message[]): Promise<void> {
  const arrivals = messages.map((message) => arrival({ receivedAtMs: NOW, ...message }));
  await store.db.transaction().execute((trx) => storeArrivals(trx, store, arrivals));
}

/** A command that has been published to whoever carries it. */
async function given(more: Parameters<typeof commandDraft>[1]): Promise<void> {
  const times = { requested_at: NOW - 10_000, expires_at: NOW + 3_600_000 };
  await addCommand(store, commandDraft(ID, { ...times, ...more }));
  await claimCommand(store, ID, { holder: 'test', nowMs: NOW - 5_000 });
}

const iso = (ms: number): string => new Date(ms).toISOString();

function ttn(tail: string, key: string, extra: object = {}): Message {
  const downlink = { correlation_ids: [`tunna:${ID}`], f_port: 3 };
  return {
    topic: `v3/town@ttn/devices/bin-7/${tail}`,
    payload: {
      end_device_ids: { device_id: 'bin-7', dev_eui: THINGS_STACK.toUpperCase() },
      received_at: iso(NOW),
      [key]: key === 'downlink_failed' ? { downlink } : downlink,
      ...extra,
    },
  };
}

function chirpStack(event: string, extra: object): Message {
  return {
    topic: `application/1/device/${CHIRPSTACK}/event/${event}`,
    payload: { time: iso(NOW), deviceInfo: { devEui: CHIRPSTACK }, queueItemId: ID, ...extra },
  };
}

describe('the state of a command follows', () => {
  const behindTts = { device_id: THINGS_STACK, network_name: 'bin-7' };

  test('what The Things Stack says of it, in any order and however often', async () => {
    await given(behindTts);
    await hear(ttn('down/queued', 'downlink_queued'));
    expect(await findCommand(store, ID)).toMatchObject({ state: 'sent', sent_at: NOW });
    await hear(ttn('down/ack', 'downlink_ack'), ttn('down/nack', 'downlink_nack'));
    await hear(ttn('down/sent', 'downlink_sent', { received_at: iso(NOW + 9_000) }));
    await hear(ttn('down/ack', 'downlink_ack', { received_at: iso(NOW + 60_000) }));
    expect(await findCommand(store, ID)).toMatchObject({
      state: 'acknowledged',
      sent_at: NOW,
      acknowledged_at: NOW,
    });
    const uplinks = await store.db.selectFrom('uplinks').selectAll().execute();
    expect(new Set(uplinks.map(({ kind }) => kind))).toEqual(new Set(['status']));
  });

  test('a failure at The Things Stack that names the device only as it does itself', async () => {
    await given(behindTts);
    const message = ttn('down/failed', 'downlink_failed', {
      end_device_ids: { device_id: 'bin-7', application_ids: { application_id: 'town' } },
    });
    await hear(message);
    expect(await findCommand(store, ID)).toMatchObject({ state: 'failed', failed_at: NOW });
    // Nobody is registered under that name: the message itself is set aside, and counted.
    expect(await listQuarantine(store.db, { limit: 10 })).toMatchObject([
      { reason: 'unknown-device', device_id: 'bin-7' },
    ]);
  });

  test('what ChirpStack says of it', async () => {
    await given({ device_id: CHIRPSTACK });
    await hear(chirpStack('txack', { downlinkId: 7 }));
    expect(await findCommand(store, ID)).toMatchObject({ state: 'sent' });
    await hear(chirpStack('ack', { deduplicationId: 'a-1', acknowledged: false }));
    expect(await findCommand(store, ID)).toMatchObject({
      state: 'failed',
      detail: 'the device did not acknowledge it',
    });
    await hear(chirpStack('ack', { deduplicationId: 'a-2', acknowledged: true }));
    expect(await findCommand(store, ID)).toMatchObject({ state: 'acknowledged' });
  });

  test('what a device of one’s own says, beside a level or alone', async () => {
    for (const payload of [{ ack: ID }, { ack: ID, fillPercent: 40, boot: 1, seq: 2 }]) {
      await store.db.deleteFrom('commands').execute();
      await given({});
      await hear({ topic: 'bins/dev-1/up', payload });
      expect(await findCommand(store, ID)).toMatchObject({ state: 'acknowledged' });
    }
    const uplinks = await store.db.selectFrom('uplinks').select('kind').orderBy('id').execute();
    expect(uplinks).toEqual([{ kind: 'status' }, { kind: 'reading' }]);
  });

  test('the refusal of a device of one’s own, with its reason', async () => {
    await given({});
    await hear({ topic: 'bins/dev-1/up', payload: { nack: ID, reason: 'no\u0000such\nsetting' } });
    expect(await findCommand(store, ID)).toMatchObject({
      state: 'failed',
      detail: 'no such setting',
    });
  });

  test('a Milesight sensor that repeats the bytes', async () => {
    await given({ device_id: CHIRPSTACK, bytes: Buffer.from('ff03b004', 'hex'), f_port: 85 });
    const echo = (hex: string, counter: number): Message => ({
      topic: `application/1/device/${CHIRPSTACK}/event/up`,
      payload: {
        time: iso(NOW),
        deviceInfo: { devEui: CHIRPSTACK },
        ...{ devAddr: '0189abcd', fCnt: counter, fPort: 85 },
        data: Buffer.from(hex, 'hex').toString('base64'),
      },
    });
    await hear(echo('fe03b104', 1), echo('fe02b004', 2));
    expect(await findCommand(store, ID)).toMatchObject({ state: 'queued' });
    await hear(echo('fe03b004', 3));
    expect(await findCommand(store, ID)).toMatchObject({ state: 'acknowledged' });
  });

  test('nothing that another device says', async () => {
    await given({});
    await addMountedDevice(store, { bin: 'b-9', id: 'dev-9', model: null }, NOW);
    await hear({ topic: 'bins/dev-9/up', payload: { ack: ID } });
    await hear(ttn('down/ack', 'downlink_ack'), chirpStack('ack', { acknowledged: true }));
    expect(await findCommand(store, ID)).toMatchObject({ state: 'queued' });
  });
});

test('an acknowledgement of what is no command’s id is refused', async () => {
  await hear({ topic: 'bins/dev-1/up', payload: { ack: 'yes' } });
  expect(await listQuarantine(store.db, { limit: 10 })).toHaveLength(1);
});

test('messages about a command leave it alike in whichever order, batches and number of copies they come', async () => {
  if (store.kind === 'sqlite') store.sqlite.pragma('synchronous = off');
  const heard = [
    ttn('down/queued', 'downlink_queued'),
    ttn('down/sent', 'downlink_sent', { received_at: iso(NOW + 2_000) }),
    ttn('down/nack', 'downlink_nack', { received_at: iso(NOW + 1_000) }),
    ttn('down/failed', 'downlink_failed', { received_at: iso(NOW + 3_000) }),
    ttn('down/failed', 'downlink_failed', { received_at: iso(NOW + 4_000) }),
    ttn('down/ack', 'downlink_ack', { received_at: iso(NOW + 5_000) }),
    ttn('down/ack', 'downlink_ack', { received_at: iso(NOW + 6_000) }),
  ];
  const live = async (messages: readonly Message[], batch: number) => {
    await store.db.deleteFrom('commands').execute();
    await store.db.deleteFrom('uplinks').execute();
    await given({ device_id: THINGS_STACK, network_name: 'bin-7' });
    for (let start = 0; start < messages.length; start += batch) {
      await hear(...messages.slice(start, start + batch));
    }
    return findCommand(store, ID);
  };
  const some = fc.subarray(heard, { minLength: 1 });
  const twoWays = fc.tuple(some, fc.subarray(heard)).chain(([messages, more]) => {
    const copies = more.filter((message) => messages.includes(message));
    const all = [...messages, ...copies];
    const whole = { minLength: all.length, maxLength: all.length };
    return fc.record({
      messages: fc.constant(messages),
      crooked: fc.shuffledSubarray(all, whole),
      batch: fc.integer({ min: 1, max: 4 }),
    });
  });
  await fc.assert(
    fc.asyncProperty(twoWays, async ({ messages, crooked, batch }) => {
      const straight = await live(messages, messages.length);
      expect(straight?.state).not.toBe('queued');
      expect(await live(crooked, batch)).toEqual(straight);
    }),
    { numRuns: 40 },
  );
});
