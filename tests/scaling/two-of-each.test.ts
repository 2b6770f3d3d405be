import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BinsEvent } from '../../dashboard/api/town.ts';
import { followEvents } from '../../dashboard/server/testing/follow-events.ts';
import type { EventFollower } from '../../dashboard/server/testing/follow-events.ts';
import { revokePrincipal } from '../../store/principals.ts';
import { needs } from '../servers/needs.ts';
import { startPostgres } from '../servers/postgres.ts';
import type { ServerProcess } from '../servers/server-process.ts';
import { findUnaccounted } from '../system/conservation.ts';
import { countStored } from '../system/publisher.ts';
import { addTown } from '../system/town-of-devices.ts';
import type { Credentials } from '../system/town-of-devices.ts';
import { IS_LONG, Load } from './load.ts';
import { Machine } from './machine.ts';

const DEVICES = Array.from({ length: 12 }, (_, index) => `dev-${index}`);
const WAIT_MS = 120_000;
const LONG_MS = IS_LONG ? 3_600_000 : 900_000;

interface Parts {
  readonly machine: Machine;
  readonly broker: ServerProcess;
  readonly ingest: ServerProcess;
  readonly dashboard: ServerProcess;
}

async function startAll(machine: Machine): Promise<Parts> {
  return {
    machine,
    broker: await machine.start('broker'),
    ingest: await machine.start('ingest'),
    dashboard: await machine.start('dashboard'),
  };
}

function connect({ mqttPort }: Machine, credentials: Credentials, clientId: string) {
  const options = { host: '127.0.0.1', port: mqttPort, reconnectPeriod: 0, clientId };
  return mqtt.connect({ ...options, ...credentials });
}

/** Sends a level to one broker and waits until a dashboard has told of it. */
async function expectTold(
  broker: Machine,
  credentials: Credentials,
  told: { readonly stream: EventFollower; readonly fillPercent: number },
): Promise<void> {
  const client = connect(broker, credentials, `asking-${told.fillPercent}`);
  const reading = { boot: 'asked', seq: told.fillPercent, fillPercent: told.fillPercent };
  const body = JSON.stringify({ ...reading, observedAt: Date.now() });
  await client.publishAsync('bins/dev-0/up', body, { qos: 1 });
  await client.endAsync();
  const hasTold = (): boolean =>
    told.stream.events
      .filter(({ type }) => type === 'bins')
      .flatMap(({ data }) => BinsEvent.parse(data).bins)
      .some(({ id, fillPercent }) => id === 'bin-0' && fillPercent === told.fillPercent);
  await vi.waitFor(() => expect(hasTold()).toBe(true), WAIT_MS);
}

const portOf = ({ httpUrl }: Machine): number => Number(new URL(httpUrl).port);

/** While both brokers are under load, one of each part is killed; ingest stays away for a while. */
async function killOneOfEach(load: Load, [first, second]: readonly [Parts, Parts]): Promise<void> {
  await load.goOn();
  await first.ingest.crash();
  await load.goOn();
  await second.broker.crash();
  await second.dashboard.crash();
  await load.goOn();
  await second.broker.start();
  await second.dashboard.start();
  await load.goOn();
  await first.ingest.start();
  await load.goOn();
}

needs('postgresql-15')('two brokers, ingests and dashboards on one PostgreSQL', () => {
  test(
    'store every acknowledged reading once while one of each is killed, tell all of it, and shut out together',
    async () => {
      await using postgres = await startPostgres();
      onTestFinished(() => postgres.stop());
      const database = await postgres.createDatabase();
      await using one = await Machine.open({ name: 'one', database });
      await using two = await Machine.open({ name: 'two', database });
      const credentials = await addTown(one, DEVICES.length);
      const parts = [await startAll(one), await startAll(two)] as const;
      const load = new Load([one, two], { devices: DEVICES }, credentials);
      await killOneOfEach(load, parts);
      await load.stop();
      await load.expectStored(() => countStored(one));
      await expectBothTell([one, two], credentials);
      await expectShutOut([one, two], credentials);
      await using opened = one.openStore();
      expect(await findUnaccounted(opened.store, one.dataFolder)).toEqual([]);
    },
    LONG_MS,
  );
});

/** Each dashboard tells what came through the broker of the other machine. */
async function expectBothTell(
  [one, two]: readonly [Machine, Machine],
  credentials: Credentials,
): Promise<void> {
  await using first = await followEvents(portOf(one));
  await using second = await followEvents(portOf(two));
  await expectTold(two, credentials, { stream: first, fillPercent: 41 });
  await expectTold(one, credentials, { stream: second, fillPercent: 42 });
}

function untilEvent(client: MqttClient, name: 'connect' | 'close' | 'error'): Promise<unknown> {
  return new Promise((resolve) => client.once(name, resolve));
}

async function expectShutOut(
  machines: readonly [Machine, Machine],
  credentials: Credentials,
): Promise<void> {
  const clients = machines.map((machine) => connect(machine, credentials, 'inside'));
  await Promise.all(clients.map((client) => untilEvent(client, 'connect')));
  const ends = clients.map((client) => untilEvent(client, 'close'));
  await using opened = machines[0].openStore();
  await revokePrincipal(opened.store, credentials.username, Date.now());
  await Promise.all(ends);
  for (const machine of machines) {
    const refused = connect(machine, credentials, 'outside');
    const error = await untilEvent(refused, 'error');
    expect(String(error)).toMatch(/Connection refused/);
    await refused.endAsync(true);
  }
}
