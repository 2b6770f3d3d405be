import { Place } from './insertion.ts';
import type { Neighbours } from './neighbours.ts';
import { PlainPlaces } from './plain-places.ts';
import { Queue } from './queue.ts';
import type { Random } from './random.ts';
import { RichPlaces } from './rich-places.ts';
import type { Tours } from './tours.ts';

/** How often the first stop of a step is served at any loss: a round may pay where its first stop does not. */
const BOLD_SHARE = 0.1;

/** Puts absent stops back, one after the other, each where it costs least. */
export class Recreate {
  readonly #tours: Tours;
  readonly #random: Random;
  readonly #queue: Queue;
  readonly #best = new Place();
  readonly #places: PlainPlaces | RichPlaces;

  constructor(tours: Tours, near: Neighbours, wide: Neighbours, random: Random) {
    this.#tours = tours;
    this.#random = random;
    this.#queue = new Queue(tours, wide, random);
    this.#places = tours.instance.features.rich
      ? new RichPlaces(tours, near, random, this.#best)
      : new PlainPlaces(tours, near, random, this.#best);
  }

  /** @param patience how much dearer than its prize serving a stop may be for now, on average. */
  apply(patience: number): void {
    const count = this.#queue.fill();
    for (let index = 0; index < count; index += 1) {
      const stop = this.#queue.list[index];
      const place = this.#best;
      place.clear();
      this.#places.find(stop);
      if (place.after === -1) continue;
      // A stop that need not be served is left out where serving it costs more than its prize.
      const bold = index === 0 && this.#random.next() < BOLD_SHARE;
      if (!bold && !this.#pays(stop, place.cost, patience)) continue;
      this.#put(stop, place);
    }
  }

  /**
   * Whether a stop is worth its place. The first stop of a good round does not pay by itself, so now and then one is served
   * at a loss, which the search takes back if nothing comes of it.
   */
  #pays(stop: number, cost: number, patience: number): boolean {
    const { prize, must } = this.#tours.instance;
    if (must[stop] === 1 || cost <= prize[stop]) return true;
    return cost <= prize[stop] - patience * Math.log(this.#random.next() || Number.MIN_VALUE);
  }

  /** Places are judged by what is kept of each route, which is not all: what turns out to be too much is taken back. */
  #put(stop: number, { after, site, siteAfter }: Place): void {
    const tours = this.#tours;
    const vehicle = tours.route[after];
    const visit = site === -1 ? -1 : tours.takeSite(site);
    tours.insertAfter(stop, after);
    if (visit !== -1) tours.insertAfter(visit, siteAfter ? stop : after);
    if (!tours.instance.features.rich || tours.check(vehicle)) return;
    if (visit !== -1) tours.remove(visit);
    tours.remove(stop);
    tours.refresh(vehicle);
  }
}
