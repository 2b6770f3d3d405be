import { computed, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { BinSummary } from '../../api/bins.ts';
import { viewBin } from '../bins/bin-view.ts';
import type { BinView } from '../bins/bin-view.ts';

/** How far the first load has come. */
export type LoadPhase = 'loading' | 'ready' | 'failed';
/** How the live stream is doing. */
export type Connection = 'connecting' | 'live' | 'offline';

/** Levels turn stale by the minute at most, so a look every ten seconds is prompt. */
const STALENESS_CHECK_MS = 10_000;

/** The bins of the town and what is known of the line to the server. Old data stays until new data comes. */
export interface TownStore {
  readonly phase: ReadonlySignal<LoadPhase>;
  readonly connection: ReadonlySignal<Connection>;
  /** Server time, ms since 1970; ticks every second, for ages. */
  readonly nowMs: ReadonlySignal<number>;
  /** When the server was last heard, in its time; `null` before the first word. */
  readonly heardAtMs: ReadonlySignal<number | null>;
  /** All bins as they stand now. */
  readonly views: ReadonlySignal<readonly BinView[]>;
  /** One bin as it stands now, from the newest views. */
  find(binId: string): BinView | undefined;
  replaceAll(bins: readonly BinSummary[]): void;
  change(changed: readonly BinSummary[], removedIds: readonly string[]): void;
  setPhase(phase: LoadPhase): void;
  setConnection(connection: Connection): void;
  /** Sets the clock after the server's, because phones and desks run wrong. */
  hear(serverTimeMs: number | null): void;
  /** Runs the clock; returns the undo. */
  start(): () => void;
}

/** Makes an empty store. @param now the browser's clock, ms since 1970 */
export function createTownStore(now: () => number): TownStore {
  const bins = new Map<string, BinSummary>();
  const version = signal(0);
  const phase = signal<LoadPhase>('loading');
  const connection = signal<Connection>('connecting');
  const heardAtMs = signal<number | null>(null);
  let serverAheadMs = 0;
  const serverNow = () => now() + serverAheadMs;
  const nowMs = signal(serverNow());
  const checkedAt = computed(() => Math.floor(nowMs.value / STALENESS_CHECK_MS));
  const viewsById = computed(() => {
    void version.value;
    void checkedAt.value;
    const judgedAtMs = serverNow();
    return new Map([...bins].map(([id, bin]) => [id, viewBin(bin, judgedAtMs)]));
  });
  const views = computed(() => [...viewsById.value.values()]);

  return {
    phase,
    connection,
    nowMs,
    heardAtMs,
    views,
    find: (binId) => viewsById.value.get(binId),
    replaceAll: (all) => {
      bins.clear();
      for (const bin of all) bins.set(bin.id, bin);
      version.value += 1;
    },
    change: (changed, removedIds) => {
      for (const bin of changed) bins.set(bin.id, bin);
      for (const id of removedIds) bins.delete(id);
      version.value += 1;
    },
    setPhase: (next) => (phase.value = next),
    setConnection: (next) => (connection.value = next),
    hear: (serverTimeMs) => {
      if (serverTimeMs !== null) serverAheadMs = serverTimeMs - now();
      heardAtMs.value = serverNow();
      nowMs.value = serverNow();
    },
    start: () => {
      const timer = setInterval(() => (nowMs.value = serverNow()), 1000);
      return () => clearInterval(timer);
    },
  };
}
