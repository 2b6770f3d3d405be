import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startMosquitto } from '../servers/mosquitto.ts';
import { startNats } from '../servers/nats.ts';
import { needs } from '../servers/needs.ts';
import { startRabbitMq } from '../servers/rabbitmq.ts';
import type { ServerProcess } from '../servers/server-process.ts';
import { findUnaccounted } from '../system/conservation.ts';
import { countStored } from '../system/publisher.ts';
import { addTown } from '../system/town-of-devices.ts';
import { IS_LONG, Load } from './load.ts';
import { Machine } from './machine.ts';

const DEVICES = Array.from({ length: 12 }, (_, index) => `dev-${index}`);
const REGIONS = ['north', 'south', 'east', 'west'];
const LONG_MS = IS_LONG ? 3_600_000 : 900_000;

type Broker = ServerProcess & { readonly url: string };

/** How the messages are split between the workers. */
interface Split {
  readonly topics: readonly string[];
  readonly share?: string;
  readonly topicOf: (device: string) => string;
}

/** Each filter is one worker's. */
const BY_FILTER: Split = {
  topics: REGIONS.map((region) => `${region}/+/up`),
  topicOf: (device) => `${REGIONS[Number(device.slice(4)) % REGIONS.length]}/${device}/up`,
};
/** The broker shares the messages of one filter out. */
const BY_BROKER: Split = {
  topics: ['bins/+/up'],
  share: 'tunna',
  topicOf: (device) => `bins/${device}/up`,
};

interface Plan {
  readonly split: Split;
  /** How the broker ends in the middle; absent: not at all. */
  readonly end?: End;
}

type End = (broker: Broker) => Promise<void>;
/** What a broker has only in memory is written down before it stops, and lost when it is killed. */
const stop: End = async (broker) => {
  await broker.shutDown();
};
const kill: End = (broker) => broker.crash();

/** Two workers on one data folder. */
async function openWorkers(broker: Broker, { topics, share }: Split): Promise<[Machine, Machine]> {
  const first = await Machine.open({ name: 'worker', env: external(1) });
  const second = await Machine.open({
    name: 'worker',
    dataFolder: first.dataFolder,
    env: external(2),
  });
  const mqtt = { url: broker.url, topics, ...(share !== undefined && { share }) };
  const source = { name: 'city', envelope: 'tunna-json', mqtt };
  writeFileSync(path.join(first.dataFolder, 'sources.json'), JSON.stringify([source]));
  return [first, second];
}

function external(index: number): (dataFolder: string) => Record<string, string> {
  return (dataFolder) => ({
    TUNNA_BROKER: 'external',
    TUNNA_SOURCES: path.join(dataFolder, 'sources.json'),
    TUNNA_WORKER: `${index}/2`,
  });
}

async function untilConnected(worker: ServerProcess, times: number): Promise<void> {
  const connects = (): number => worker.logText().split('The source is connected').length - 1;
  await vi.waitFor(() => expect(connects()).toBeGreaterThanOrEqual(times), 120_000);
}

/** Load throughout; a worker is killed and started again, then the broker is ended and started again. */
async function expectNothingLost(broker: Broker, { split, end }: Plan): Promise<void> {
  // When the test takes too long, it ends without the end of this function.
  onTestFinished(() => broker.stop());
  const machines = await openWorkers(broker, split);
  await using one = machines[0];
  await using two = machines[1];
  await addTown(one, DEVICES.length);
  const [first, second] = [await one.start('ingest'), await two.start('ingest')];
  await Promise.all([untilConnected(first, 1), untilConnected(second, 1)]);
  const load = new Load([{ mqttPort: Number(new URL(broker.url).port) }], {
    devices: DEVICES,
    topicOf: split.topicOf,
  });
  await load.goOn();
  await first.crash();
  await load.goOn();
  await first.start();
  await untilConnected(first, 2);
  await load.goOn();
  if (end !== undefined) {
    await end(broker);
    await broker.start();
    await Promise.all([untilConnected(first, 3), untilConnected(second, 2)]);
    await load.goOn();
  }
  await load.stop();
  await load.expectStored(() => countStored(one));
  // Both have taken part, and nothing is unaccounted for, whichever of the two has stored it.
  const counts = await Promise.all([one, two].map(countJournaled));
  expect(Math.min(...counts)).toBeGreaterThan(0);
  await using opened = one.openStore();
  expect(await findUnaccounted(opened.store, one.dataFolder)).toEqual([]);
}

async function countJournaled({ ingestMetricsUrl }: Machine): Promise<number> {
  const text = await (await fetch(ingestMetricsUrl)).text();
  return Number(/^tunna_source_messages_total\{.*outcome="journaled"\} (\d+)/m.exec(text)?.[1]);
}

needs('mosquitto')('two workers at Mosquitto', () => {
  const settings = ['persistence true', 'max_queued_messages 100000', 'max_inflight_messages 1000'];

  test(
    'that shares the messages out lose nothing when one of them is killed',
    async () => {
      await using broker = await startMosquitto({ settings });
      await expectNothingLost(broker, { split: BY_BROKER });
    },
    LONG_MS,
  );

  test(
    'with filters of their own lose nothing when one of them is killed and the broker is stopped',
    async () => {
      await using broker = await startMosquitto({ settings });
      await expectNothingLost(broker, { split: BY_FILTER, end: stop });
    },
    LONG_MS,
  );
});

needs('nats-server')('two workers at NATS', () => {
  test(
    'with filters of their own lose nothing when one of them and the server are killed',
    async () => {
      await using broker = await startNats({ mqtt: ['ack_wait: "2s"'] });
      await expectNothingLost(broker, { split: BY_FILTER, end: kill });
    },
    LONG_MS,
  );
});

needs('rabbitmq-server')('two workers at RabbitMQ', () => {
  // It takes long to start: twice only in the long form.
  const end = IS_LONG ? { end: kill } : {};
  test(
    `with filters of their own lose nothing when one of them ${IS_LONG ? 'and the server are' : 'is'} killed`,
    async () => {
      await using broker = await startRabbitMq();
      await expectNothingLost(broker, { split: BY_FILTER, ...end });
    },
    LONG_MS,
  );
});
