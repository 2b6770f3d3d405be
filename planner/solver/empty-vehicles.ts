import type { Tours } from './tours.ts';

/** Finds vehicles that have nothing to do yet: of each type, any one will do. */
export class EmptyVehicles {
  readonly #tours: Tours;
  readonly #ofType: readonly Int32Array[];
  /** Where one of a type was found last. */
  readonly #at: Int32Array;

  constructor(tours: Tours) {
    const { types, typeOf } = tours.instance;
    this.#tours = tours;
    this.#ofType = types.map((_, type) =>
      Int32Array.from(typeOf.keys()).filter((vehicle) => typeOf[vehicle] === type),
    );
    this.#at = new Int32Array(types.length);
  }

  /** An empty vehicle of a type; -1 when all are in use. */
  find(type: number): number {
    const vehicles = this.#ofType[type];
    const { stops } = this.#tours;
    for (let turn = 0; turn < vehicles.length; turn += 1) {
      const vehicle = vehicles[this.#at[type]];
      if (stops[vehicle] === 0) return vehicle;
      this.#at[type] = (this.#at[type] + 1) % vehicles.length;
    }
    return -1;
  }
}
