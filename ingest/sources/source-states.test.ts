import { expect, onTestFinished, test, vi } from 'vitest';
import type { Store } from '../../store/database.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';
import { saveLevels } from '../../store/testing/save-level.ts';
import { SourceStates } from './source-states.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
/** So long that nobody looks by the clock of the machine: what happens, happens at the clocks given. */
const LEASE_MS = 3_600_000;
const LATER_MS = NOW_MS + 2 * LEASE_MS;
const BINS = Array.from({ length: 120 }, (_, index) => `bin-${index}`);

/** What a broker has retained, as the last message to each topic left it. */
class Retained {
  readonly #payloads = new Map<string, string>();

  publish(topic: string, payload: string): void {
    this.#payloads.set(topic, payload);
  }

  get levels(): number[] {
    return BINS.map((bin) => {
      const payload = this.#payloads.get(`state/${bin}`);
      return payload === undefined ? -1 : Number(JSON.parse(payload).fillPercent);
    });
  }
}

interface Process {
  readonly store: Store;
  readonly broker: Retained;
  readonly now: () => number;
  /** Before a message leaves: the place to be halted at. */
  readonly leave?: () => Promise<void>;
  readonly leaseMs?: number;
}

async function startProcess({ leave, broker, ...options }: Process): Promise<void> {
  const states = new SourceStates({
    ...{ leaseMs: LEASE_MS, ...options, names: ['city'], isConnected: () => true },
    log: { info() {}, warn: (fields: unknown) => expect.unreachable(JSON.stringify(fields)) },
    publish: async (_source, { topic, payload }) => {
      await leave?.();
      broker.publish(topic, payload.toString());
    },
  });
  onTestFinished(() => states.stop());
  await states.start();
}

const all = (fillPercent: number): number[] => BINS.map(() => fillPercent);

test.each([
  ['before its first level has left', 0],
  ['between the levels of a batch', 20],
  ['between two batches', 50],
])(
  'a process that is halted %s, and goes on when another publishes, leaves no older level there',
  async (_when, sentBefore) => {
    await using opened = await openTestStore();
    const { store } = opened;
    await saveLevels(store, BINS, 10);
    const broker = new Retained();
    let nowMs = NOW_MS;
    const halted = Promise.withResolvers<void>();
    const resumed = Promise.withResolvers<void>();
    let sent = 0;
    await startProcess({
      ...{ store, broker, now: () => nowMs },
      leave: async () => {
        sent += 1;
        if (sent <= sentBefore) return;
        halted.resolve();
        await resumed.promise;
      },
    });
    await halted.promise;
    await saveLevels(store, BINS, 20);
    await startProcess({ store, broker, now: () => LATER_MS });
    await vi.waitFor(() => expect(broker.levels).toEqual(all(20)), 20_000);
    nowMs = LATER_MS;
    resumed.resolve();
    // Of the rest of its batch, which had left its hands, the other tells anew; of the other batches it says nothing.
    await vi.waitFor(() => expect(sent).toBe(sentBefore < 50 ? 50 : 100), 20_000);
    await saveLevels(store, ['bin-119'], 30);
    await vi.waitFor(() => expect(broker.levels).toEqual([...all(20).slice(1), 30]), 20_000);
    expect(sent).toBe(sentBefore < 50 ? 50 : 100);
  },
);

test('a process whose lease had run out publishes all levels anew when it has it again', async () => {
  await using opened = await openTestStore();
  const { store } = opened;
  await saveLevels(store, BINS, 10);
  const broker = new Retained();
  let nowMs = NOW_MS;
  await startProcess({ store, broker, now: () => nowMs, leaseMs: 300 });
  await vi.waitFor(() => expect(broker.levels).toEqual(all(10)), 20_000);
  // As by another process that had the lease in between, and was behind.
  broker.publish('state/bin-5', '{"fillPercent":5}');
  nowMs = LATER_MS;
  await vi.waitFor(() => expect(broker.levels).toEqual(all(10)), 20_000);
});
