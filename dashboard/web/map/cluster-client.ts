import { BIN_STATES } from '../../../domain/bin-state.ts';
import type { BinView } from '../bins/bin-view.ts';
import type { Bounds, MapPoint } from './cluster-index.ts';
import type { ClusterReply, ClusterRequest } from './cluster-messages.ts';

/** Clusters and bins of a piece of the map, at one zoom. */
export interface ClusterAnswer {
  readonly zoom: number;
  readonly bounds: Bounds;
  readonly points: readonly MapPoint[];
  /** The bins the points' indexes count in. */
  readonly views: readonly BinView[];
  readonly generation: number;
}

export interface ClusterListener {
  onLoaded(): void;
  onAnswer(answer: ClusterAnswer): void;
  onExpanded(clusterId: number, zoom: number): void;
}

/** A rebuild follows the last one after this pause at least, and after a few times what it took. */
const SHORTEST_PAUSE_MS = 250;
const PAUSE_PER_BUILD = 4;

/** The page's side of the cluster worker. The newest set of bins wins; sets in between are never sent. */
export class ClusterClient {
  readonly #worker: Worker;
  readonly #listener: ClusterListener;
  /** Sets the worker may still answer for, by generation. */
  readonly #sent = new Map<number, readonly BinView[]>();
  #generation = 0;
  #waiting: readonly BinView[] | undefined;
  #isBuilding = false;
  #pauseTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: ClusterListener) {
    this.#listener = listener;
    this.#worker = new Worker(new URL('./cluster-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', this.#receive);
  }

  stop(): void {
    clearTimeout(this.#pauseTimer);
    this.#worker.terminate();
  }

  load(views: readonly BinView[]): void {
    this.#waiting = views;
    this.#sendWaiting();
  }

  query(bounds: Bounds, zoom: number): void {
    this.#post({ type: 'query', bounds, zoom });
  }

  expand(clusterId: number, generation: number): void {
    this.#post({ type: 'expand', clusterId, generation });
  }

  readonly #receive = ({ data }: MessageEvent<ClusterReply>): void => {
    if (data.type === 'expanded') return this.#listener.onExpanded(data.clusterId, data.zoom);
    if (data.type === 'points') {
      const views = this.#sent.get(data.generation);
      if (views) this.#listener.onAnswer({ ...data, views });
      return;
    }
    for (const generation of this.#sent.keys()) {
      if (generation < data.generation) this.#sent.delete(generation);
    }
    const pauseMs = Math.max(SHORTEST_PAUSE_MS, data.buildMs * PAUSE_PER_BUILD);
    this.#pauseTimer = setTimeout(() => {
      this.#isBuilding = false;
      this.#sendWaiting();
    }, pauseMs);
    this.#listener.onLoaded();
  };

  #sendWaiting(): void {
    const views = this.#waiting;
    if (!views || this.#isBuilding) return;
    this.#waiting = undefined;
    this.#isBuilding = true;
    this.#generation += 1;
    this.#sent.set(this.#generation, views);
    const input = {
      lngs: Float64Array.from(views, ({ bin }) => bin.location.lng),
      lats: Float64Array.from(views, ({ bin }) => bin.location.lat),
      states: Uint8Array.from(views, ({ state }) => BIN_STATES.indexOf(state)),
    };
    this.#post({ type: 'load', generation: this.#generation, input }, [
      input.lngs.buffer,
      input.lats.buffer,
      input.states.buffer,
    ]);
  }

  #post(request: ClusterRequest, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer);
  }
}
