import type { Amounts, Vehicle } from '../problem/problem.ts';

/** Fractions of litres do not add up exactly. */
const TOLERANCE = 1e-6;

export type Taken =
  | { readonly kind: 'taken' }
  | { readonly kind: 'no-compartment' }
  | {
      readonly kind: 'overloaded';
      readonly compartment: number;
      readonly excess: number;
      readonly unit: 'litres' | 'kg';
    };

/** What a vehicle has aboard, by compartment. */
export class LoadBook {
  readonly #vehicle: Vehicle;
  readonly #litres: number[];
  readonly #kg: number[];
  /** Litres of the whole day, unloaded ones included. */
  dayLitres = 0;

  constructor(vehicle: Vehicle) {
    this.#vehicle = vehicle;
    this.#litres = vehicle.compartments.map(() => 0);
    this.#kg = vehicle.compartments.map(() => 0);
  }

  /** Puts something into the first compartment that takes its stream. */
  take(stream: string, amounts: Amounts): Taken {
    const { compartments } = this.#vehicle;
    const index = compartments.findIndex(
      ({ streams }) => streams === null || streams.includes(stream),
    );
    const compartment = compartments[index];
    if (compartment === undefined) return { kind: 'no-compartment' };
    const litres = (this.#litres[index] ?? 0) + amounts.litres;
    const kg = (this.#kg[index] ?? 0) + amounts.kg;
    this.#litres[index] = litres;
    this.#kg[index] = kg;
    this.dayLitres += amounts.litres;
    const over = { kind: 'overloaded', compartment: index } as const;
    if (litres > compartment.litres + TOLERANCE) {
      return { ...over, excess: litres - compartment.litres, unit: 'litres' };
    }
    if (kg > compartment.kg + TOLERANCE) {
      return { ...over, excess: kg - compartment.kg, unit: 'kg' };
    }
    return { kind: 'taken' };
  }

  /** Empties the compartments all whose streams a site takes. @returns which they are */
  unload(siteStreams: readonly string[] | null): number[] {
    return this.#vehicle.compartments.flatMap(({ streams }, index) => {
      const taken =
        siteStreams === null || (streams?.every((stream) => siteStreams.includes(stream)) ?? false);
      if (!taken) return [];
      this.#litres[index] = 0;
      this.#kg[index] = 0;
      return [index];
    });
  }

  /** What is aboard now, over all compartments. */
  aboard(): Amounts {
    const sum = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0);
    return { litres: sum(this.#litres), kg: sum(this.#kg) };
  }

  isEmpty(): boolean {
    return [...this.#litres, ...this.#kg].every((amount) => amount <= TOLERANCE);
  }
}
