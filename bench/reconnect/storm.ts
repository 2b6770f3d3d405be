import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Store } from '../../store/database.ts';
import { createToken, savePrincipals } from '../../store/principals.ts';
import { freePort } from '../../tests/servers/free-port.ts';
import { privateFolder } from '../../tests/servers/server-process.ts';
import { Authority } from '../../tests/sources/certificates.ts';
import { startTunna } from '../../tests/system/running-tunna.ts';
import type { RunningTunna } from '../../tests/system/running-tunna.ts';
import { StormClient } from './storm-client.ts';

const POLL_MS = 20;
/** Sockets opened at once at the beginning, which is not what is measured. */
const WARM_BATCH = 200;
const DEADLINE_MS = 240_000;

export interface Storm {
  readonly clients: number;
  readonly tls: boolean;
  readonly seed: number;
}

export interface StormFigures {
  /** From the kill of the broker until every client was let in again. */
  readonly allBackMs: number;
  /** From then until each has had its reading acknowledged. */
  readonly allAcknowledgedMs: number;
  readonly acknowledged: number;
  /** Acknowledged readings that are not stored. */
  readonly lost: number;
  /** Readings that are stored more than once. */
  readonly repeated: number;
  /** Memory of the broker's process for each idle connection: the growth while they came, by their number. */
  readonly bytesPerConnection: number;
  /** The most memory the broker's process had, before and after the restart. */
  readonly peakBytes: number;
}

/** Connects clients, each a sensor of its own, kills the broker with SIGKILL, and waits until all are back and all is stored. */
export async function runStorm(storm: Storm): Promise<StormFigures> {
  const tlsPort = await freePort();
  await using tunna = await startTunna({
    NODE_ENV: 'production',
    TUNNA_LOG_LEVEL: 'warn',
    ...(storm.tls && (await certify(tlsPort))),
  });
  const clients = await registerClients(tunna, storm, storm.tls ? tlsPort : tunna.mqttPort);
  try {
    return await measure(tunna, clients);
  } finally {
    for (const client of clients) client.close();
  }
}

async function certify(port: number): Promise<Record<string, string>> {
  const { cert, key } = new Authority(await privateFolder('authority'), 'ca').sign('tunna');
  return { TUNNA_TLS_CERT: cert, TUNNA_TLS_KEY: key, TUNNA_MQTTS_PORT: String(port) };
}

async function registerClients(
  tunna: RunningTunna,
  { clients, tls, seed }: Storm,
  port: number,
): Promise<StormClient[]> {
  const logins = Array.from({ length: clients }, (_, index) => ({
    id: `storm-${index}`,
    token: createToken(),
  }));
  await using opened = tunna.openStore();
  await savePrincipals(
    opened.store,
    logins.map(({ id, token }) => ({
      principal: { id, kind: 'device', prefixes: [], backfill: false },
      token,
    })),
  );
  const random = randomFrom(seed);
  return logins.map((login) => new StormClient({ ...login, port, tls, random }));
}

async function measure(
  tunna: RunningTunna,
  clients: readonly StormClient[],
): Promise<StormFigures> {
  const before = readMemory(tunna).now;
  await connectAll(clients);
  const connected = readMemory(tunna);
  for (const client of clients) client.publish();
  await until(() => clients.every(({ isPending }) => !isPending));
  // What is under way when the broker dies is to be repeated.
  for (const client of clients) client.publish();
  const firstPeak = readMemory(tunna).peak;
  tunna.killPart('broker');
  const killedAt = performance.now();
  await until(() => clients.every(({ isConnected, connects }) => isConnected && connects > 1));
  const backAt = performance.now();
  await until(() => clients.every(({ isPending }) => !isPending));
  const doneAt = performance.now();
  const peakBytes = Math.max(firstPeak, readMemory(tunna).peak);
  await using opened = tunna.openStore();
  return {
    allBackMs: backAt - killedAt,
    allAcknowledgedMs: doneAt - backAt,
    bytesPerConnection: (connected.now - before) / clients.length,
    peakBytes,
    ...(await compare(
      opened.store,
      clients.flatMap(({ acknowledged }) => acknowledged),
    )),
  };
}

async function connectAll(clients: readonly StormClient[]): Promise<void> {
  for (let start = 0; start < clients.length; start += WARM_BATCH) {
    const batch = clients.slice(start, start + WARM_BATCH);
    for (const client of batch) client.connect();
    await until(() => batch.every(({ isConnected }) => isConnected));
  }
}

/** Waits until ingest has all that was acknowledged, or takes nothing more off the journal. */
async function compare(
  store: Store,
  acknowledged: readonly string[],
): Promise<Pick<StormFigures, 'acknowledged' | 'lost' | 'repeated'>> {
  let known = await countStored(store);
  let lost = countLost(acknowledged, known);
  for (let idle = 0; lost > 0 && idle < 100;) {
    await wait(100);
    const next = await countStored(store);
    idle = next.size === known.size ? idle + 1 : 0;
    known = next;
    lost = countLost(acknowledged, known);
  }
  const repeated = [...known.values()].filter((times) => times > 1).length;
  return { acknowledged: acknowledged.length, lost, repeated };
}

function countLost(acknowledged: readonly string[], stored: ReadonlyMap<string, number>): number {
  return acknowledged.filter((boot) => !stored.has(boot)).length;
}

/** How often each reading is in the database: as an uplink, or set aside. */
async function countStored(store: Store): Promise<Map<string, number>> {
  const uplinks = await store.db.selectFrom('uplinks').select('payload').execute();
  const asides = await store.db.selectFrom('quarantine').select('payload').execute();
  const counts = new Map<string, number>();
  for (const { payload } of [...uplinks, ...asides]) {
    const boot = /"boot":"([^"]+)"/.exec(payload.toString())?.[1];
    if (boot !== undefined) counts.set(boot, (counts.get(boot) ?? 0) + 1);
  }
  return counts;
}

/** Resident memory of the broker, now and at its highest, in bytes. */
function readMemory(tunna: RunningTunna): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${tunna.findPart('broker')}/status`, 'utf8');
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1_024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

async function until(isDone: () => boolean): Promise<void> {
  for (const startMs = performance.now(); !isDone();) {
    if (performance.now() - startMs > DEADLINE_MS) throw new Error('The clients are not all back');
    await wait(POLL_MS);
  }
}

/** A linear congruential generator (Numerical Recipes), so that a run can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
