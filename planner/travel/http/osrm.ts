import { z } from 'zod';
import { OSM_ATTRIBUTION } from '../attribution.ts';
import { joinLegs, TravelError } from '../travel-source.ts';
import type {
  Position,
  TravelDescription,
  TravelLeg,
  TravelRoute,
  TravelSource,
  TravelTable,
} from '../travel-source.ts';
import { askJson } from './ask-json.ts';
import { assertFew, httpOptions, parseServerUrl } from './http-options.ts';
import type { HttpOptions } from './http-options.ts';
import { joinStreets } from './join-streets.ts';
import { collectBlocks, cutBlocks, hasShape } from './table-blocks.ts';
import type { Block, BlockAnswer } from './table-blocks.ts';

/** `osrm-routed --max-table-size` counts all positions of a request, 100 unless changed. */
const MOST_PER_REQUEST = 50;
/** `osrm-routed --max-viaroute-size` is 500 unless changed. */
const MOST_ON_ROUTE = 100;

const failureSchema = z.object({ code: z.string(), message: z.string().optional() });
const rowsSchema = z.array(z.array(z.number().nonnegative().nullable()));
const tableSchema = z.object({
  code: z.literal('Ok'),
  durations: rowsSchema,
  distances: rowsSchema,
});
const lineSchema = z.object({ coordinates: z.array(z.tuple([z.number(), z.number()])) });
const legSchema = z.object({
  distance: z.number().nonnegative(),
  duration: z.number().nonnegative(),
  steps: z.array(
    z.object({ name: z.string(), distance: z.number().nonnegative(), geometry: lineSchema }),
  ),
});
const routeSchema = z.object({
  code: z.literal('Ok'),
  routes: z.array(z.object({ legs: z.array(legSchema) })).min(1),
});

/** An OSRM server: `table` and `route` of its HTTP API, version 1. https://project-osrm.org/docs/v26.9.0/api/ */
export class Osrm implements TravelSource {
  readonly description: TravelDescription;
  readonly #profile: string;
  readonly #server: URL;
  readonly #options: HttpOptions;

  /** OSRM serves the one profile it was prepared with; `profile` is what stands for it in addresses. */
  constructor(server: string, options: Partial<HttpOptions> & { readonly profile?: string } = {}) {
    const { profile = 'driving', ...rest } = options;
    this.#profile = profile;
    this.#server = parseServerUrl(server);
    this.#options = httpOptions(rest, MOST_PER_REQUEST);
    const text = `OSRM at ${this.#server.host}`;
    this.description = { kind: 'osrm', text, attribution: OSM_ATTRIBUTION };
  }

  async table(_profile: string, positions: readonly Position[]): Promise<TravelTable> {
    assertFew(positions.length, this.#options);
    const blocks = cutBlocks(positions.length, this.#options.mostPerRequest);
    const matrix = await collectBlocks(positions.length, blocks, this.#options.atOnce, (block) =>
      this.#block(positions, block),
    );
    return { ...matrix, by: this.description };
  }

  async route(_profile: string, positions: readonly Position[]): Promise<TravelRoute> {
    const legs: TravelLeg[] = [];
    // Parts overlap in one position: where one ends the next begins.
    for (let from = 0; from < positions.length - 1; from += MOST_ON_ROUTE - 1) {
      legs.push(...(await this.#legs(positions.slice(from, from + MOST_ON_ROUTE))));
    }
    return joinLegs(legs, this.description);
  }

  async close(): Promise<void> {}

  async #block(positions: readonly Position[], block: Block): Promise<BlockAnswer> {
    // The same positions on both sides need not be sent twice.
    const isSame = block.sources[0] === block.targets[0];
    const indices = isSame ? block.sources : [...block.sources, ...block.targets];
    const url = this.#url(
      'table',
      indices.flatMap((index) => positions[index] ?? []),
    );
    if (!isSame) {
      const numbers = indices.map((_, index) => index);
      url.searchParams.set('sources', numbers.slice(0, block.sources.length).join(';'));
      url.searchParams.set('destinations', numbers.slice(block.sources.length).join(';'));
    }
    url.searchParams.set('annotations', 'duration,distance');
    // A single position is no table to OSRM.
    if (indices.length === 1) return { seconds: [[0]], metres: [[0]] };
    const { durations, distances } = await this.#ask(url, tableSchema);
    const answer = { seconds: durations, metres: distances };
    if (!hasShape(answer, block)) throw this.#nonsense();
    return answer;
  }

  async #legs(positions: readonly Position[]): Promise<TravelLeg[]> {
    const url = this.#url('route', positions);
    url.searchParams.set('overview', 'false');
    url.searchParams.set('steps', 'true');
    url.searchParams.set('geometries', 'geojson');
    const { routes } = await this.#ask(url, routeSchema);
    const legs = routes[0]?.legs ?? [];
    if (legs.length !== positions.length - 1) throw this.#nonsense();
    return legs.map(toLeg);
  }

  #url(service: string, positions: readonly Position[]): URL {
    const places = positions.map(({ lat, lng }) => `${lng.toFixed(6)},${lat.toFixed(6)}`);
    const path = `${service}/v1/${encodeURIComponent(this.#profile)}/${places.join(';')}`;
    return new URL(path, this.#server);
  }

  async #ask<Answer>(url: URL, schema: z.ZodType<Answer>): Promise<Answer> {
    const json = await askJson('OSRM', url, undefined, this.#options);
    const answer = schema.safeParse(json);
    if (answer.success) return answer.data;
    const { data: failure } = failureSchema.safeParse(json);
    if (failure === undefined || failure.code === 'Ok') throw this.#nonsense();
    const message = failure.message === undefined ? '' : `: ${failure.message}`;
    throw new TravelError(`${this.description.text} says ${failure.code}${message}`);
  }

  #nonsense(): TravelError {
    return new TravelError(`${this.description.text} answers in a form that is not OSRM's`);
  }
}

function toLeg({ distance, duration, steps }: z.infer<typeof legSchema>): TravelLeg {
  const line = steps.flatMap(({ geometry }) => geometry.coordinates);
  return {
    metres: Math.round(distance),
    seconds: Math.round(duration),
    line: line.map(([lng, lat]) => ({ lat, lng })),
    streets: joinStreets(steps.map((step) => ({ street: step.name, metres: step.distance }))),
  };
}
