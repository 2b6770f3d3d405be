import Supercluster from 'supercluster';
import { BIN_STATES } from '../../../domain/bin-state.ts';
import { fanOut } from './fan-out.ts';

/** Positions and states of all shown bins, one entry each; flat arrays cross to the worker without a copy. */
export interface ClusterInput {
  readonly lngs: Float64Array;
  readonly lats: Float64Array;
  /** Index into `BIN_STATES`. */
  readonly states: Uint8Array;
}

/** West, south, east, north, in degrees. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

/** A bin that stands alone at a zoom. */
export interface SinglePoint {
  readonly kind: 'bin';
  readonly lat: number;
  readonly lng: number;
  /** Position in the input. */
  readonly index: number;
  /** Shift in pixels that parts it from bins on the very same spot. */
  readonly shiftX: number;
  readonly shiftY: number;
}

/** Several bins drawn as one. */
export interface ClusterPoint {
  readonly kind: 'cluster';
  readonly lat: number;
  readonly lng: number;
  readonly clusterId: number;
  readonly count: number;
  /** How many bins of each state, in the order of `BIN_STATES`. */
  readonly stateCounts: readonly number[];
}

export type MapPoint = SinglePoint | ClusterPoint;

/** From the zoom after this one every bin stands alone. */
export const LAST_CLUSTERED_ZOOM = 17;
/** Two bins closer than this would overlap, labels included. */
const CLUSTER_RADIUS_PX = 52;
/** Leaflet counts zooms by tiles of 256 pixels. */
const TILE_PX = 256;

interface PointProperties {
  readonly index: number;
}
interface Tally {
  stateCounts: number[];
}

/** The clusters of one set of bins, at every zoom. Slow to make (half a second at 100,000), quick to ask. */
export class ClusterIndex {
  readonly #index: Supercluster<PointProperties, Tally>;
  readonly #shifts: ReturnType<typeof fanOut>;

  constructor(input: ClusterInput) {
    this.#shifts = fanOut(input.lats, input.lngs);
    this.#index = new Supercluster<PointProperties, Tally>({
      maxZoom: LAST_CLUSTERED_ZOOM,
      radius: CLUSTER_RADIUS_PX,
      extent: TILE_PX,
      map: ({ index }) => ({
        stateCounts: BIN_STATES.map((_, state) => (input.states[index] === state ? 1 : 0)),
      }),
      reduce: (total, part) => {
        // The first part's array is shared with the point it came from, so a new one is made.
        total.stateCounts = total.stateCounts.map(
          (count, state) => count + (part.stateCounts[state] ?? 0),
        );
      },
    });
    this.#index.load(
      Array.from(input.lngs, (lng, index) => ({
        type: 'Feature' as const,
        properties: { index },
        geometry: { type: 'Point' as const, coordinates: [lng, input.lats[index] ?? 0] },
      })),
    );
  }

  /** Everything to be drawn within the bounds. */
  query(bounds: Bounds, zoom: number): MapPoint[] {
    const isAlone = zoom > LAST_CLUSTERED_ZOOM;
    return this.#index.getClusters([...bounds], Math.floor(zoom)).map((feature) => {
      const [lng = 0, lat = 0] = feature.geometry.coordinates;
      const { properties } = feature;
      if ('cluster_id' in properties) {
        const { cluster_id: clusterId, point_count: count, stateCounts } = properties;
        return { kind: 'cluster', lat, lng, clusterId, count, stateCounts };
      }
      const shift = isAlone ? this.#shifts.get(properties.index) : undefined;
      const { x: shiftX, y: shiftY } = shift ?? { x: 0, y: 0 };
      return { kind: 'bin', lat, lng, index: properties.index, shiftX, shiftY };
    });
  }

  /** The zoom at which the cluster falls apart. */
  expansionZoom(clusterId: number): number {
    return this.#index.getClusterExpansionZoom(clusterId);
  }
}
