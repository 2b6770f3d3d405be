import type { Plan } from '../problem/plan.ts';
import type { Problem } from '../problem/problem.ts';
import { compile } from './compile.ts';
import { dropOptional } from './drop-optional.ts';
import type { Features } from './instance.ts';
import { loadPlan } from './load-plan.ts';
import { moveBreaks } from './move-breaks.ts';
import { moveSites } from './move-sites.ts';
import { findNeighbours } from './neighbours.ts';
import { costOfPlan } from './plan-cost.ts';
import type { PlanCost } from './plan-cost.ts';
import { Random } from './random.ts';
import { readPlan } from './read-plan.ts';
import { Recreate } from './recreate.ts';
import { Ruin } from './ruin.ts';
import { tidySites } from './tidy-sites.ts';
import { Tours } from './tours.ts';
import type { Snapshot } from './tours.ts';

export interface SearchOptions {
  readonly seed: number;
  /** A plan to go on from; left out: from nothing. */
  readonly start?: Plan;
}

/** Stops looked at around the first one that is taken out. */
const RUIN_NEIGHBOURS = 250;
/** Stops beside which a stop may be put back. */
const PLACE_NEIGHBOURS = 40;

/** Temperatures at the beginning and at the end, in mean ways between stops. */
const HOT = 0.3;
const COLD = 0.003;
/** A plan that is there already is to be improved, not forgotten. */
const WARM = HOT / 10;

/** One search for a good plan: ruin and recreate under simulated annealing (Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914). */
export class Search {
  readonly #tours: Tours;
  readonly #random: Random;
  readonly #ruin: Ruin;
  readonly #recreate: Recreate;
  readonly #features: Features;
  readonly #hasOptional: boolean;
  readonly #hot: number;
  /** Mean cost of a way between two stops. */
  readonly #way: number;
  #current: number;
  #best: number;
  #bestTours: Snapshot;
  iterations = 0;

  /** @throws when the problem has no vehicle. */
  constructor(problem: Problem, { seed, start }: SearchOptions) {
    if (problem.vehicles.length === 0) throw new Error('The problem has no vehicle');
    const instance = compile(problem);
    const tours = new Tours(instance);
    this.#tours = tours;
    this.#random = new Random(seed);
    const wide = findNeighbours(instance, RUIN_NEIGHBOURS);
    const near = findNeighbours(instance, PLACE_NEIGHBOURS);
    this.#ruin = new Ruin(tours, wide, this.#random);
    this.#recreate = new Recreate(tours, near, wide, this.#random);
    this.#features = instance.features;
    this.#hasOptional = instance.mustCount < instance.stopCount;
    loadPlan(tours, start ?? { routes: [] });
    tours.commit();
    const loaded = tours.total;
    this.#recreate.apply(start === undefined ? Infinity : 0);
    this.#keepIf(tours.total <= loaded);
    if (this.#hasOptional) this.#keepIf(dropOptional(tours));
    this.#hot = start === undefined ? HOT : WARM;
    this.#way = tours.drivingCost() / Math.max(1, instance.stopCount);
    this.#current = tours.total;
    this.#best = this.#current;
    this.#bestTours = tours.snapshot();
  }

  /** What the best plan costs, in the problem's costs. */
  get bestCost(): PlanCost {
    return costOfPlan(this.#tours.instance.problem, this.bestPlan);
  }

  get bestPlan(): Plan {
    return readPlan(this.#tours.instance, this.#bestTours);
  }

  /**
   * Goes so many steps on.
   * @param progress how much of the search is over, from 0 to 1: the further, the choosier.
   * @returns whether a better plan was found.
   */
  run(steps: number, progress: number): boolean {
    const temperature = this.#way * this.#hot * (COLD / this.#hot) ** progress;
    const before = this.#best;
    for (let step = 0; step < steps; step += 1) {
      if (this.#change(temperature)) this.#decide(temperature);
      else this.#tours.undo();
    }
    this.iterations += steps;
    return this.#best < before;
  }

  #keepIf(good: boolean): void {
    if (good) this.#tours.commit();
    else this.#tours.undo();
  }

  /** Takes stops out and puts them back. Returns whether all routes keep their limits. */
  #change(temperature: number): boolean {
    const tours = this.#tours;
    const { rich, sites, breaks } = this.#features;
    this.#ruin.apply();
    // Where a detour is faster than the straight way, leaving a stop out may make a route late.
    if (rich && !tours.refreshTouched()) return false;
    if (sites) tidySites(tours);
    if (breaks) moveBreaks(tours, this.#random);
    this.#recreate.apply(temperature);
    if (sites) moveSites(tours, this.#random);
    return !this.#hasOptional || dropOptional(tours);
  }

  /** Keeps the changed plan if it is better, or not much worse for the temperature. */
  #decide(temperature: number): void {
    const tours = this.#tours;
    const { total } = tours;
    const worst = this.#current - temperature * Math.log(this.#random.next() || Number.MIN_VALUE);
    if (total >= worst) {
      tours.undo();
      return;
    }
    tours.commit();
    this.#current = total;
    if (total >= this.#best) return;
    this.#best = total;
    this.#bestTours = tours.snapshot(this.#bestTours);
  }
}
