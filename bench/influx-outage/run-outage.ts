import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { InfluxDB } from 'influx';
import { readInfluxBacklog } from '../../store/influx/backlog.ts';
import type { Store } from '../../store/database.ts';
import { InfluxFront } from '../../tests/servers/influx-front.ts';
import type { FrontMode } from '../../tests/servers/influx-front.ts';
import { startInfluxd } from '../../tests/servers/influxd.ts';
import type { Influxd } from '../../tests/servers/influxd.ts';
import { startTunna } from '../../tests/system/running-tunna.ts';
import type { PartName, RunningTunna } from '../../tests/system/running-tunna.ts';
import { registerBenchTown } from '../ingest/bench-town.ts';
import type { LoadClient } from '../ingest/load-client.ts';
import { readPartCpuSeconds } from '../ingest/part-cpu.ts';
import { publishLoad } from '../ingest/publish-load.ts';
import { RawClient } from '../ingest/raw-client.ts';
import { Sensors } from '../ingest/sensors.ts';
import { measureLimit } from './measure-limit.ts';

const CONNECTIONS = 20;
const LONGEST_NORMAL_SECONDS = 120;
const API_EVERY_MS = 100;
const POLL_MS = 20;
/** A look at what waits goes through all of it. */
const BACKLOG_POLL_MS = 250;
const WARM_UP = { window: 20, messages: 20_000, seconds: 10, counts: false };

export interface OutagePlan {
  /** How long InfluxDB is away. */
  readonly minutes: number;
  readonly ratePerSecond: number;
  /** Readings at full speed before it returns, so that there is something to be given to it. */
  readonly burst: number;
  readonly tell: (text: string) => void;
}

type Watched = Exclude<PartName, 'simulate'>;

/** What was seen while InfluxDB was there, or away. */
export interface Period {
  readonly ackMs: readonly number[];
  readonly apiMs: readonly number[];
  /** Heap, stacks and buffers at the end: `RssAnon` of proc(5). */
  readonly anonymousMiB: Readonly<Record<Watched, number>>;
  readonly writesPerMinute: number;
}

export interface Outcome {
  readonly normal: Period;
  readonly outage: Period;
  readonly backlog: number;
  /** From the first reading taken to the last. */
  readonly drainSeconds: number;
  readonly drainCpuSeconds: number;
  readonly limitPerSecond: number;
  /** What InfluxDB has too few or too many, and what was set aside: all 0, or something is wrong. */
  readonly wrong: Readonly<Record<string, number>>;
}

/** The ways to be away, in turn. */
const WAYS: readonly ('killed' | 'halted' | FrontMode)[] = [
  'killed',
  'halted',
  'silent',
  'busy',
  'failing',
  'half',
];

/** Runs Tunna beside an InfluxDB, has that one be away in every way, and waits until it has everything. */
export async function runOutage(plan: OutagePlan): Promise<Outcome> {
  await using server = await startInfluxd();
  await using front = await InfluxFront.start(server.url);
  await using tunna = await startTunna({
    NODE_ENV: 'production',
    TUNNA_LOG_LEVEL: 'error',
    TUNNA_STORE: 'influx1',
    TUNNA_INFLUX_URL: front.url,
    TUNNA_INFLUX_DATABASE: 'tunna',
  });
  await using opened = tunna.openStore();
  const { store } = opened;
  const failed = Promise.withResolvers<never>();
  const logins = await registerBenchTown(store, CONNECTIONS);
  const clients: readonly LoadClient[] = await Promise.all(
    logins.map((login) =>
      RawClient.connect({ ...login, port: tunna.mqttPort, onFailure: failed.reject }),
    ),
  );
  const sensors = new Sensors();
  let acknowledged = 0;
  async function publish(load: Parameters<typeof publishLoad>[2]): Promise<readonly number[]> {
    const { acked, ackMs } = await Promise.race([
      publishLoad(clients, sensors, load),
      failed.promise,
    ]);
    acknowledged += acked;
    return ackMs;
  }
  async function observe(seconds: number): Promise<Period> {
    const writesBefore = front.allWrites;
    using api = watchApi(tunna);
    const { ratePerSecond } = plan;
    const ackMs = await publish({ ...WARM_UP, ratePerSecond, seconds, messages: Infinity });
    const writesPerMinute = ((front.allWrites - writesBefore) / seconds) * 60;
    return { ackMs, apiMs: api.ms, anonymousMiB: readMemory(tunna), writesPerMinute };
  }

  await publish(WARM_UP);
  await awaitWritten(store, acknowledged);
  const outageSeconds = plan.minutes * 60;
  const normalSeconds = Math.min(outageSeconds, LONGEST_NORMAL_SECONDS) / 2;
  const before = await observe(normalSeconds);
  plan.tell('InfluxDB was there');

  const takingTurns = takeTurns(server, front, (outageSeconds * 1000) / WAYS.length, plan.tell);
  const outage = await observe(outageSeconds);
  await takingTurns;
  front.setMode('silent');
  await publish({ ...WARM_UP, messages: plan.burst, seconds: 600 });
  await awaitStored(store, acknowledged);
  await awaitWrites(front);
  const drained = await drain(tunna, store, front);
  plan.tell(`it was given ${drained.backlog} readings`);
  const limitPerSecond = await measureLimit(front.url);
  // Before and after, since the machine may be busier at one time than at another.
  const after = await observe(normalSeconds);
  await awaitWritten(store, acknowledged);
  await Promise.all(clients.map((client) => client.close()));
  const has = await countReadings(server);
  const { rejects } = await readInfluxBacklog(store, Date.now());
  return {
    ...{ normal: join(before, after), outage, ...drained, limitPerSecond },
    wrong: {
      lost: Math.max(0, acknowledged - has),
      doubled: Math.max(0, has - acknowledged),
      'set aside': rejects,
    },
  };
}

/** Memory is that of the first: the second comes after the outage. */
function join(first: Period, second: Period): Period {
  return {
    ...first,
    ackMs: [...first.ackMs, ...second.ackMs],
    apiMs: [...first.apiMs, ...second.apiMs],
    writesPerMinute: (first.writesPerMinute + second.writesPerMinute) / 2,
  };
}

async function takeTurns(
  server: Influxd,
  front: InfluxFront,
  turnMs: number,
  tell: OutagePlan['tell'],
): Promise<void> {
  for (const way of WAYS) {
    tell(`InfluxDB is ${way}`);
    if (way === 'killed') await server.crash();
    else if (way === 'halted') process.kill(server.pid, 'SIGSTOP');
    else front.setMode(way);
    await wait(turnMs);
    // Nothing comes through before the end: the next way begins at once.
    front.setMode('silent');
    if (way === 'killed') await server.start();
    if (way === 'halted') process.kill(server.pid, 'SIGCONT');
  }
}

/** Lets it return, and waits until it has everything. */
async function drain(tunna: RunningTunna, store: Store, front: InfluxFront) {
  const { rows: backlog } = await readInfluxBacklog(store, Date.now());
  const cpuBefore = readPartCpuSeconds(tunna, 'ingest');
  front.setMode('pass');
  let startMs: number | undefined;
  for (;;) {
    if (front.writes > 0) startMs ??= performance.now();
    const { rows } = await readInfluxBacklog(store, Date.now());
    const nowMs = performance.now();
    if (rows === 0 && startMs !== undefined) {
      const drainCpuSeconds = readPartCpuSeconds(tunna, 'ingest') - cpuBefore;
      return { backlog, drainSeconds: (nowMs - startMs) / 1000, drainCpuSeconds };
    }
    await wait(startMs === undefined ? POLL_MS : BACKLOG_POLL_MS);
  }
}

async function awaitStored(store: Store, count: number): Promise<void> {
  for (;;) {
    const { rows } = await store.db
      .selectFrom('readings')
      .select((eb) => eb.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow();
    if (rows >= count) return;
    await wait(POLL_MS);
  }
}

async function awaitWritten(store: Store, count: number): Promise<void> {
  await awaitStored(store, count);
  while ((await readInfluxBacklog(store, Date.now())).rows > 0) await wait(POLL_MS);
}

/** The last request that is not answered, after which it is tried again with a small one. */
async function awaitWrites(front: InfluxFront): Promise<void> {
  front.setMode('silent');
  while (front.writes === 0) await wait(POLL_MS);
}

function watchApi(tunna: RunningTunna): { readonly ms: readonly number[] } & Disposable {
  const ms: number[] = [];
  const timer = setInterval(() => {
    const startMs = performance.now();
    tunna.getJson('/bins/bin-1').then(
      () => ms.push(performance.now() - startMs),
      () => ms.push(Infinity),
    );
  }, API_EVERY_MS);
  return { ms, [Symbol.dispose]: () => clearInterval(timer) };
}

function readMemory(tunna: RunningTunna): Record<Watched, number> {
  const read = (part: Watched): number => {
    const status = readFileSync(`/proc/${tunna.findPart(part)}/status`, 'utf8');
    return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  };
  return { broker: read('broker'), ingest: read('ingest'), dashboard: read('dashboard') };
}

async function countReadings({ port }: Influxd): Promise<number> {
  const client = new InfluxDB({ host: '127.0.0.1', port, database: 'tunna' });
  const [row] = await client.query<{ readings: number }>(
    'select count(quality) as readings from reading',
  );
  return row?.readings ?? 0;
}
