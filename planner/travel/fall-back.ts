import { TravelError } from './travel-source.ts';
import type { Position, TravelRoute, TravelSource, TravelTable } from './travel-source.ts';

/**
 * Asks one source, and another when the first cannot answer. What an answer says of itself tells which of the two it came from.
 * `onFallBack` hears why, for the log.
 */
export class FallBack implements TravelSource {
  readonly #first: TravelSource;
  readonly #second: TravelSource;
  readonly #onFallBack: (error: TravelError) => void;

  constructor(
    first: TravelSource,
    second: TravelSource,
    onFallBack: (error: TravelError) => void = () => {},
  ) {
    this.#first = first;
    this.#second = second;
    this.#onFallBack = onFallBack;
  }

  get description() {
    return this.#first.description;
  }

  async table(profile: string, positions: readonly Position[]): Promise<TravelTable> {
    return this.#ask((source) => source.table(profile, positions));
  }

  async route(profile: string, positions: readonly Position[]): Promise<TravelRoute> {
    return this.#ask((source) => source.route(profile, positions));
  }

  async close(): Promise<void> {
    await Promise.all([this.#first.close(), this.#second.close()]);
  }

  async #ask<Answer>(ask: (source: TravelSource) => Promise<Answer>): Promise<Answer> {
    try {
      return await ask(this.#first);
    } catch (error) {
      if (!(error instanceof TravelError)) throw error;
      this.#onFallBack(error);
      return ask(this.#second);
    }
  }
}
