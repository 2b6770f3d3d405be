import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawArrival } from '../store/quarantine.ts';
import { readTally } from '../store/tally.ts';
import { openTestStore } from '../store/testing/open-test-store.ts';
import { replayQuarantine } from './replay.ts';
import type { Source } from './sources/source.ts';
import { storeArrivals } from './store-arrivals.ts';
import { dumpStore } from './testing/dump-store.ts';
import { addMountedDevice, arrival } from './testing/sample-town.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const EUI = '70b3d57ed0000001';

/** A town of three sources: a network server that decodes, SenML without units, and sensors named by their topics. */
const SOURCES: readonly Source[] = [
  {
    name: 'decoded',
    envelope: 'chirpstack-v4',
    decoded: { distance: { path: 'distance', unit: 'mm' } },
  },
  { name: 'senml', envelope: 'senml', percentScale: 'ratio', topics: ['senml/+'] },
  { name: 'tasmota', topics: ['tele/#'], timeZone: 'Europe/Stockholm' },
];

async function openTown() {
  const test = await openTestStore();
  for (const [bin, id, model] of [
    ['bin-1', EUI, 'acme/bin-9'],
    ['bin-2', 'dev-2', null],
    ['bin-3', '70b3d57ed0000003', 'milesight/em400-mud'],
  ] as const) {
    await addMountedDevice(test.store, { bin, id, model }, NOW_MS);
  }
  const store = (arrivals: readonly RawArrival[], sources = SOURCES) =>
    test.store.db.transaction().execute((trx) => storeArrivals(trx, test.store, arrivals, sources));
  const readings = () =>
    test.store.db
      .selectFrom('readings')
      .select(['device_id', 'distance_mm', 'fill_percent', 'observed_at', 'late'])
      .orderBy('observed_at')
      .orderBy('id')
      .execute();
  return { ...test, storeAll: store, readings };
}

/** A frame without bytes: its network server keeps them to itself, and passes on what it has decoded. */
function decodedFrame(fCnt: number, distance: number, gateway: string): RawArrival {
  return arrival({
    door: 'source-decoded',
    topic: `application/7/device/${EUI}/event/up`,
    payload: {
      deduplicationId: '00000000-0000-4000-8000-000000000001',
      time: new Date(NOW_MS).toISOString(),
      deviceInfo: { devEui: EUI },
      devAddr: '0189abcd',
      fCnt,
      fPort: 2,
      object: { distance },
      rxInfo: [{ gatewayId: gateway }],
    },
    receivedAtMs: NOW_MS,
  });
}

function senml(records: object[], more: Partial<RawArrival> = {}): RawArrival {
  return arrival({ topic: 'senml/dev-2', payload: records, receivedAtMs: NOW_MS, ...more });
}

describe('messages of others', () => {
  it('that are decoded already are one uplink, whatever their gateways', async () => {
    await using town = await openTown();
    await town.storeAll([decodedFrame(1, 620, 'a'), decodedFrame(1, 620, 'b')]);
    const outcome = await town.storeAll([decodedFrame(1, 620, 'c'), decodedFrame(2, 630, 'a')]);
    expect(outcome).toMatchObject({ stored: 1, duplicate: 1, quarantined: [] });
    expect(await town.readings()).toMatchObject([{ distance_mm: 620 }, { distance_mm: 630 }]);
  });

  it('that LORIOT tells twice are one uplink', async () => {
    await using town = await openTown();
    const rx = { EUI: '70B3D57ED0000003', ts: NOW_MS, fcnt: 1, port: 85, data: '0482c201' };
    const hook = (payload: object): RawArrival =>
      arrival({ door: 'webhooks', topic: 'uplinks/loriot', payload, receivedAtMs: NOW_MS });
    const outcome = await town.storeAll([
      hook({ ...rx, cmd: 'gw', ts: NOW_MS + 900, gws: [] }),
      hook({ ...rx, cmd: 'rx' }),
    ]);
    expect(outcome).toMatchObject({ stored: 1, duplicate: 1 });
    expect(await town.readings()).toMatchObject([{ distance_mm: 450, fill_percent: 75 }]);
  });

  it('give the same in any order and any number', async () => {
    const rx = { EUI: '70B3D57ED0000003', ts: NOW_MS, fcnt: 1, port: 85, data: '0482c201' };
    const hook = (payload: object, atMs: number): RawArrival =>
      arrival({ door: 'webhooks', topic: 'uplinks/loriot', payload, receivedAtMs: atMs });
    const tasmota = { Time: '2026-11-24T12:30:00', SR04: { Distance: 45 } };
    const messages = [
      decodedFrame(1, 620, 'a'),
      decodedFrame(2, 630, 'a'),
      hook({ ...rx, cmd: 'rx' }, NOW_MS),
      hook({ ...rx, cmd: 'rx', fcnt: 2, data: '048226020500' }, NOW_MS + 1),
      senml([
        { bt: NOW_MS / 1000, n: 'fill', t: -60, v: 0.4 },
        { n: 'fill', v: 0.5 },
      ]),
      senml([{ bt: NOW_MS / 1000, n: 'fill', v: 0.6 }]),
      senml([{ n: 'fill', v: 'much' }]),
      arrival({ topic: 'tele/dev-2/SENSOR', payload: tasmota, receivedAtMs: NOW_MS }),
    ];
    const dump = async (arrivals: readonly RawArrival[], batchSize: number): Promise<string> => {
      await using town = await openTown();
      for (let start = 0; start < arrivals.length; start += batchSize) {
        await town.storeAll(arrivals.slice(start, start + batchSize));
      }
      return await dumpStore(town.store);
    };
    const straight = await dump(messages, messages.length);
    for (const one of ['loriot:', 'cs:', 'tasmota:', '"senml"', 'wrong-type']) {
      expect(straight).toContain(one);
    }
    const seen = fc
      .tuple(
        fc.shuffledSubarray(messages, { minLength: messages.length }),
        fc.subarray(messages, { maxLength: 3 }),
      )
      .map(([all, again]) => [...again, ...all]);
    await fc.assert(
      fc.asyncProperty(seen, fc.integer({ min: 1, max: 5 }), async (arrivals, batchSize) => {
        expect(await dump(arrivals, batchSize)).toBe(straight);
      }),
      { numRuns: 20 },
    );
  });

  it('with times relative to now are late readings, and one however often they are delivered', async () => {
    await using town = await openTown();
    const records = [
      { n: 'fill', t: -7200, v: 0.4 },
      { n: 'fill', v: 0.5 },
    ];
    const first = senml(records, { messageId: 7 });
    await town.storeAll([first]);
    const again = { ...first, journalSeq: first.journalSeq + 1, receivedAtMs: NOW_MS + 60_000 };
    expect(await town.storeAll([{ ...again, dup: true }])).toMatchObject({ duplicate: 1 });
    expect(await town.readings()).toMatchObject([
      { fill_percent: 40, observed_at: NOW_MS - 7_200_000, late: 1 },
      { fill_percent: 50, observed_at: NOW_MS, late: 0 },
    ]);
  });

  it('without a scale are set aside, and readings once their source has one', async () => {
    await using town = await openTown();
    const message = senml([{ n: 'fill', v: 0.9 }]);
    await town.storeAll([message], [{ name: 'senml', envelope: 'senml', topics: ['senml/+'] }]);
    expect(await readTally(town.store.db)).toMatchObject([
      { outcome: 'quarantined', reason: 'no-scale', count: 1 },
    ]);
    const row = await town.store.db.selectFrom('quarantine').select('id').executeTakeFirstOrThrow();
    const replayed = await replayQuarantine(town.store, [row.id], NOW_MS, SOURCES);
    expect(replayed).toEqual({ resolved: 1, refused: 0 });
    expect(await town.readings()).toMatchObject([{ fill_percent: 90 }]);
  });

  it('with a time on a town clock stand at that time', async () => {
    await using town = await openTown();
    const payload = { Time: '2026-11-24T12:30:00', SR04: { Distance: 45 } };
    await town.storeAll([
      arrival({ topic: 'tele/dev-2/SENSOR', payload, receivedAtMs: NOW_MS }),
      arrival({ topic: 'tele/dev-2/LWT', payload: 'Online', receivedAtMs: NOW_MS }),
    ]);
    expect(await town.readings()).toMatchObject([
      { distance_mm: 450, fill_percent: 75, observed_at: NOW_MS - 30 * 60_000 },
    ]);
  });
});
