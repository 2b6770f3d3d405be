import type { Problem } from '../../planner/problem/problem.ts';
import type { Solution } from '../../planner/solve.ts';
import type { ProgressOutput } from '../history/progress.ts';

/** Tells each better plan in one line of a terminal; elsewhere nothing, for whoever reads only the result. */
export class SearchProgress {
  readonly #output: ProgressOutput;
  readonly #perMetre: number;
  #isOpen = false;

  constructor(output: ProgressOutput, { units }: Problem) {
    this.#output = output;
    this.#perMetre = units.perMetre;
  }

  tell({
    plan,
    cost,
    iterations,
    elapsedSeconds,
  }: Pick<Solution, 'plan' | 'cost' | 'iterations' | 'elapsedSeconds'>): void {
    if (this.#output.isTTY !== true) return;
    const vehicles = plan.routes.filter(({ visits }) => visits.length > 0).length;
    const parts = [
      `${elapsedSeconds.toFixed(1)} s`,
      `cost ${Math.round((cost / this.#perMetre) * 10) / 10}`,
      `${vehicles} vehicles`,
      `${iterations} steps`,
      'Ctrl-C takes this plan',
    ];
    // The rest of a longer line is wiped out (ECMA-48, EL).
    this.#output.write(`\r${parts.join(', ')}\u001b[K`);
    this.#isOpen = true;
  }

  /** Takes the line away, for what is printed next. */
  clear(): void {
    if (this.#isOpen) this.#output.write('\r\u001b[K');
    this.#isOpen = false;
  }
}
