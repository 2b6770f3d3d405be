import { z } from 'zod';
import { OSM_ATTRIBUTION } from '../attribution.ts';
import { ROAD_PROFILES } from '../road-profiles.ts';
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
import { decodePolyline6 } from './polyline.ts';
import { collectBlocks, cutBlocks, hasShape } from './table-blocks.ts';
import type { Block, BlockAnswer } from './table-blocks.ts';

/** Valhalla's `service_limits.truck.max_matrix_location_pairs` is 2,500 unless changed. */
const MOST_PER_REQUEST = 50;
/** Valhalla's `service_limits.truck.max_locations` is 20 unless changed. */
const MOST_ON_ROUTE = 20;

const failureSchema = z.object({ error: z.string(), error_code: z.number().optional() });
const rowsSchema = z.array(z.array(z.number().nonnegative().nullable()));
const tableSchema = z.object({
  sources_to_targets: z.object({ durations: rowsSchema, distances: rowsSchema }),
});
const legSchema = z.object({
  shape: z.string(),
  summary: z.object({ length: z.number().nonnegative(), time: z.number().nonnegative() }),
  maneuvers: z.array(
    z.object({ street_names: z.array(z.string()).optional(), length: z.number().nonnegative() }),
  ),
});
const routeSchema = z.object({ trip: z.object({ legs: z.array(legSchema) }) });

/**
 * A Valhalla server: `sources_to_targets` and `route`, by truck with the measures of the profile. It may only be one of
 * {@link ROAD_PROFILES}; others are driven as a `truck` of Valhalla's own measures.
 * https://valhalla.github.io/valhalla/api/matrix/api-reference/
 */
export class Valhalla implements TravelSource {
  readonly description: TravelDescription;
  readonly #server: URL;
  readonly #options: HttpOptions;

  constructor(server: string, options: Partial<HttpOptions> = {}) {
    this.#server = parseServerUrl(server);
    this.#options = httpOptions(options, MOST_PER_REQUEST);
    const text = `Valhalla at ${this.#server.host}`;
    this.description = { kind: 'valhalla', text, attribution: OSM_ATTRIBUTION };
  }

  async table(profile: string, positions: readonly Position[]): Promise<TravelTable> {
    assertFew(positions.length, this.#options);
    const blocks = cutBlocks(positions.length, this.#options.mostPerRequest);
    const matrix = await collectBlocks(positions.length, blocks, this.#options.atOnce, (block) =>
      this.#block(profile, positions, block),
    );
    return { ...matrix, by: this.description };
  }

  async route(profile: string, positions: readonly Position[]): Promise<TravelRoute> {
    const legs: TravelLeg[] = [];
    // Parts overlap in one position: where one ends the next begins.
    for (let from = 0; from < positions.length - 1; from += MOST_ON_ROUTE - 1) {
      legs.push(...(await this.#legs(profile, positions.slice(from, from + MOST_ON_ROUTE))));
    }
    return joinLegs(legs, this.description);
  }

  async close(): Promise<void> {}

  async #block(
    profile: string,
    positions: readonly Position[],
    { sources, targets }: Block,
  ): Promise<BlockAnswer> {
    const places = (indices: readonly number[]) =>
      indices.flatMap((index) => positions[index] ?? []).map(toPlace);
    const { sources_to_targets: table } = await this.#ask('sources_to_targets', tableSchema, {
      sources: places(sources),
      targets: places(targets),
      verbose: false,
      units: 'kilometers',
      ...costing(profile),
    });
    const kilometres = table.distances;
    const metres = kilometres.map((row) => row.map((km) => (km === null ? null : km * 1000)));
    const answer = { seconds: table.durations, metres };
    if (!hasShape(answer, { sources, targets })) throw this.#nonsense();
    return answer;
  }

  async #legs(profile: string, positions: readonly Position[]): Promise<TravelLeg[]> {
    const { trip } = await this.#ask('route', routeSchema, {
      // A break, unlike a place to pass through, ends a leg, and lets a truck turn round.
      locations: positions.map((position) => ({ ...toPlace(position), type: 'break' })),
      units: 'kilometers',
      ...costing(profile),
    });
    if (trip.legs.length !== positions.length - 1) throw this.#nonsense();
    try {
      return trip.legs.map(toLeg);
    } catch {
      throw this.#nonsense();
    }
  }

  async #ask<Answer>(action: string, schema: z.ZodType<Answer>, body: unknown): Promise<Answer> {
    const url = new URL(action, this.#server);
    const json = await askJson('Valhalla', url, body, this.#options);
    const answer = schema.safeParse(json);
    if (answer.success) return answer.data;
    const { data: failure } = failureSchema.safeParse(json);
    if (failure === undefined) throw this.#nonsense();
    const code = failure.error_code === undefined ? '' : ` (${failure.error_code})`;
    throw new TravelError(`${this.description.text} says: ${failure.error}${code}`);
  }

  #nonsense(): TravelError {
    return new TravelError(`${this.description.text} answers in a form that is not Valhalla's`);
  }
}

function toPlace({ lat, lng }: Position): { lat: number; lon: number } {
  return { lat, lon: lng };
}

/** https://valhalla.github.io/valhalla/api/turn-by-turn/api-reference/#truck-costing-options: metres and tonnes. */
function costing(name: string) {
  const profile = ROAD_PROFILES.find((each) => each.name === name);
  if (profile === undefined) return { costing: 'truck' };
  if (!profile.isTruck) return { costing: 'auto' };
  const truck = {
    height: profile.heightM,
    width: profile.widthM,
    length: profile.lengthM,
    weight: profile.weightT,
    axle_load: profile.axleLoadT,
  };
  return { costing: 'truck', costing_options: { truck } };
}

function toLeg({ shape, summary, maneuvers }: z.infer<typeof legSchema>): TravelLeg {
  const steps = maneuvers.map(({ street_names: names, length }) => ({
    street: names?.[0] ?? '',
    metres: length * 1000,
  }));
  return {
    metres: Math.round(summary.length * 1000),
    seconds: Math.round(summary.time),
    line: decodePolyline6(shape),
    streets: joinStreets(steps),
  };
}
