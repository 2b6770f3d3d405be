import { sql } from 'kysely';
import type { Store } from '../database.ts';

/** Open messages of the quarantine that have something in common. */
export interface QuarantineGroup {
  /** What they have in common; `null`: it is not known. */
  readonly key: string | null;
  /** Different messages, and how often they came. */
  readonly messages: number;
  readonly times: number;
  /** Devices that are known to have sent them. */
  readonly devices: number;
  readonly firstReceivedAtMs: number;
  readonly lastReceivedAtMs: number;
  /** The newest message. */
  readonly exampleId: number;
}

/** Groups by a column of the messages, the largest first, of equal ones the one with the newest message. */
export async function groupQuarantine(
  store: Store,
  by: 'reason' | 'device_id',
): Promise<QuarantineGroup[]> {
  const rows = await store.db
    .selectFrom('quarantine')
    .select(({ fn }) => [
      `${by} as key`,
      fn.countAll<number>().as('messages'),
      // PostgreSQL's sum of bigints is a numeric, which its driver gives as text.
      sql<number>`cast(sum(times) as bigint)`.as('times'),
      fn.count<number>('device_id').distinct().as('devices'),
      fn.min('first_received_at').as('firstReceivedAtMs'),
      fn.max('last_received_at').as('lastReceivedAtMs'),
      fn.max('id').as('exampleId'),
    ])
    .where('resolved_at', 'is', null)
    .groupBy(by)
    .execute();
  return sortGroups(rows);
}

/** The message whose shape tells of a device's maker, where nobody has registered the device. */
export interface MakerClue {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly door: string;
}

/** Finds who made the device that has sent a message; `undefined` when the message does not say. */
export type GuessMaker = (clue: MakerClue) => string | undefined;

/**
 * Groups by the maker of the device: of its registered model, else of what its newest message says, else unknown. Messages
 * that name no device have no maker.
 */
export async function groupQuarantineByMaker(
  store: Store,
  guessMaker: GuessMaker,
): Promise<QuarantineGroup[]> {
  const groups = new Map<string | null, QuarantineGroup>();
  for (const { maker, group } of await listMakers(store, guessMaker)) {
    const known = groups.get(maker);
    groups.set(maker, known === undefined ? { ...group, key: maker } : merge(known, group));
  }
  return sortGroups([...groups.values()]);
}

/** The devices of a maker that have something in quarantine. */
export async function listDevicesOfMaker(
  store: Store,
  maker: string,
  guessMaker: GuessMaker,
): Promise<string[]> {
  const all = await listMakers(store, guessMaker);
  return all.flatMap(({ maker: other, group }) =>
    other === maker && group.key !== null ? [group.key] : [],
  );
}

interface DeviceGroup {
  readonly maker: string | null;
  /** Its key is the device. */
  readonly group: QuarantineGroup;
}

async function listMakers(store: Store, guessMaker: GuessMaker): Promise<DeviceGroup[]> {
  const groups = await groupQuarantine(store, 'device_id');
  const models = await readModels(store);
  const unknown = groups.filter(({ key }) => key !== null && models.get(key) === undefined);
  const guessed = await guessAll(store, unknown, guessMaker);
  return groups.map((group) => {
    const maker = models.get(group.key ?? '')?.split('/')[0] ?? guessed.get(group.exampleId);
    return { maker: maker ?? null, group };
  });
}

/** The registered models of devices that have something in quarantine. */
async function readModels(store: Store): Promise<Map<string, string>> {
  const rows = await store.db
    .selectFrom('devices')
    .select(['id', 'model'])
    .where('model', 'is not', null)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('quarantine')
        .select('device_id')
        .where('resolved_at', 'is', null)
        .where('device_id', 'is not', null)
        .$narrowType<{ device_id: string }>(),
    )
    .execute();
  return new Map(rows.flatMap(({ id, model }) => (model === null ? [] : [[id, model]])));
}

/** Payloads are read in portions: there may be thousands of unknown devices. */
const EXAMPLES_PER_QUERY = 200;

async function guessAll(
  store: Store,
  groups: readonly QuarantineGroup[],
  guessMaker: GuessMaker,
): Promise<Map<number, string>> {
  const makers = new Map<number, string>();
  for (let start = 0; start < groups.length; start += EXAMPLES_PER_QUERY) {
    const ids = groups.slice(start, start + EXAMPLES_PER_QUERY).map(({ exampleId }) => exampleId);
    const rows = await store.db
      .selectFrom('quarantine')
      .select(['id', 'topic', 'payload', 'door'])
      .where('id', 'in', ids)
      .execute();
    for (const { id, ...clue } of rows) {
      const maker = guessMaker(clue);
      if (maker !== undefined) makers.set(id, maker);
    }
  }
  return makers;
}

function merge(a: QuarantineGroup, b: QuarantineGroup): QuarantineGroup {
  return {
    key: a.key,
    messages: a.messages + b.messages,
    times: a.times + b.times,
    devices: a.devices + b.devices,
    firstReceivedAtMs: Math.min(a.firstReceivedAtMs, b.firstReceivedAtMs),
    lastReceivedAtMs: Math.max(a.lastReceivedAtMs, b.lastReceivedAtMs),
    exampleId: Math.max(a.exampleId, b.exampleId),
  };
}

function sortGroups(groups: readonly QuarantineGroup[]): QuarantineGroup[] {
  return groups.toSorted(
    (a, b) =>
      b.messages - a.messages ||
      b.lastReceivedAtMs - a.lastReceivedAtMs ||
      b.exampleId - a.exampleId,
  );
}
