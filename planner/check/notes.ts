import type { Violation } from './violation.ts';

/** Violations of one route, in the order in which they come about. */
export class Notes {
  readonly #vehicleId: string;
  readonly #all: Violation[] = [];
  readonly #open = new Map<string, number>();

  constructor(vehicleId: string) {
    this.#vehicleId = vehicleId;
  }

  get violations(): readonly Violation[] {
    return this.#all;
  }

  add(violation: Violation): void {
    this.#all.push({ vehicleId: this.#vehicleId, ...violation });
  }

  /** Something that goes on from visit to visit is one violation, where it begins, of its greatest excess. */
  addOnce(key: string, violation: Violation & { readonly excess: number }): void {
    const at = this.#open.get(key);
    const known = at === undefined ? undefined : this.#all[at];
    if (at === undefined || known === undefined) {
      this.#open.set(key, this.#all.length);
      this.add(violation);
    } else if ((known.excess ?? 0) < violation.excess) {
      this.#all[at] = { ...known, excess: violation.excess };
    }
  }

  /** What comes next under this key is another violation. */
  close(key: string): void {
    this.#open.delete(key);
  }
}
