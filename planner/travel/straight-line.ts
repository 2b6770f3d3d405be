import { fillMatrix } from '../problem/matrix.ts';
import { greatCircleMetres } from './great-circle.ts';
import { joinLegs } from './travel-source.ts';
import type { Position, TravelDescription, TravelRoute, TravelSource } from './travel-source.ts';

export interface StraightLineOptions {
  /** Length of a way over length of the straight line; towns have 1.3 to 1.4. */
  readonly detourFactor?: number;
  /** Mean speed on the way, km/h. */
  readonly speedKmh?: number;
}

/**
 * Ways as straight lines, longer by a factor: for when nothing knows the roads. It sees no rivers and no one-way streets, so plans made
 * with it are rough; it never fails and has a way between any two places.
 */
export class StraightLine implements TravelSource {
  readonly description: TravelDescription;
  readonly #detourFactor: number;
  readonly #metresPerSecond: number;

  constructor({ detourFactor = 1.4, speedKmh = 30 }: StraightLineOptions = {}) {
    if (!(detourFactor >= 1 && detourFactor <= 10)) {
      throw new RangeError(`Expected \`detourFactor\` from 1 to 10, got ${detourFactor}`);
    }
    if (!(speedKmh >= 1 && speedKmh <= 200)) {
      throw new RangeError(`Expected \`speedKmh\` from 1 to 200, got ${speedKmh}`);
    }
    this.#detourFactor = detourFactor;
    this.#metresPerSecond = speedKmh / 3.6;
    const text = `straight lines times ${detourFactor} at ${speedKmh} km/h`;
    this.description = { kind: 'straight-line', text, attribution: null };
  }

  // Promises as all sources give them: a bad position becomes a rejection, too.
  // eslint-disable-next-line typescript/require-await
  async table(_profile: string, positions: readonly Position[]) {
    const matrix = fillMatrix(positions.length, (from, to) => {
      // Both are indices that `fillMatrix` counts up to the number of positions.
      const [one, other] = [positions[from], positions[to]];
      return one === undefined || other === undefined ? NOWHERE : this.#travel(one, other);
    });
    return { ...matrix, by: this.description };
  }

  // eslint-disable-next-line typescript/require-await
  async route(_profile: string, positions: readonly Position[]): Promise<TravelRoute> {
    const legs = positions.slice(1).map((to, index) => {
      const from = positions[index] ?? to;
      const { seconds, metres } = this.#travel(from, to);
      return { seconds, metres, line: [from, to], streets: [{ street: '', metres }] };
    });
    return joinLegs(legs, this.description);
  }

  async close(): Promise<void> {}

  #travel(from: Position, to: Position): { seconds: number; metres: number } {
    const metres = greatCircleMetres(from, to) * this.#detourFactor;
    return { seconds: Math.round(metres / this.#metresPerSecond), metres: Math.round(metres) };
  }
}

const NOWHERE = { seconds: 0, metres: 0 };
