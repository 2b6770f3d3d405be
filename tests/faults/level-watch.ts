import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { RunningTunna } from '../system/running-tunna.ts';

const Bins = z.object({
  bins: z.array(z.object({ id: z.string(), observedAt: z.string().nullable() })),
});

const EVERY_MS = 100;

/** Looks at the map's levels all the time: none may become older than it was. */
export class LevelWatch {
  /** Bins whose level went back in time, with both times. */
  readonly regressed: string[] = [];
  /** How often the levels could be read. */
  looks = 0;
  readonly #tunna: RunningTunna;
  readonly #newest = new Map<string, string>();
  readonly #running: Promise<void>;
  #stopped = false;

  constructor(tunna: RunningTunna) {
    this.#tunna = tunna;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      // While the dashboard is dead there is nothing to see.
      const answer: unknown = await this.#tunna.getJson('/bins').catch(() => undefined);
      if (answer !== undefined) this.#look(Bins.parse(answer).bins);
      await pause(EVERY_MS);
    }
  }

  #look(bins: z.output<typeof Bins>['bins']): void {
    this.looks += 1;
    for (const { id, observedAt } of bins) {
      const before = this.#newest.get(id) ?? '';
      const now = observedAt ?? '';
      if (now < before) this.regressed.push(`${id}: ${before}, then ${now}`);
      this.#newest.set(id, now > before ? now : before);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }
}
