import type { Change } from '../../../store/changes.ts';

type Fate = 'bin' | 'bin-removed';

/** Bins whose changes clients have not been told of yet; the last change of each counts. */
export class PendingBins {
  #fates = new Map<string, Fate>();

  get isEmpty(): boolean {
    return this.#fates.size === 0;
  }

  add(changes: readonly Change[]): void {
    for (const { kind, id } of changes) {
      if (kind === 'bin' || kind === 'bin-removed') this.#fates.set(id, kind);
    }
  }

  /** Takes all out. */
  take(): ReadonlyMap<string, Fate> {
    const taken = this.#fates;
    this.#fates = new Map();
    return taken;
  }

  /** Puts back what could not be told; what came since goes first. */
  putBack(taken: ReadonlyMap<string, Fate>): void {
    this.#fates = new Map([...taken, ...this.#fates]);
  }
}

/** The ids of one fate. */
export function listFate(fates: ReadonlyMap<string, Fate>, fate: Fate): string[] {
  return [...fates].filter(([, one]) => one === fate).map(([id]) => id);
}
