import type { Bounds, ClusterInput, MapPoint } from './cluster-index.ts';

/** What the page asks of the cluster worker. A generation is one set of bins. */
export type ClusterRequest =
  | { readonly type: 'load'; readonly generation: number; readonly input: ClusterInput }
  | { readonly type: 'query'; readonly bounds: Bounds; readonly zoom: number }
  | { readonly type: 'expand'; readonly clusterId: number; readonly generation: number };

/** What the worker answers. */
export type ClusterReply =
  | { readonly type: 'loaded'; readonly generation: number; readonly buildMs: number }
  | {
      readonly type: 'points';
      readonly generation: number;
      readonly zoom: number;
      readonly bounds: Bounds;
      readonly points: readonly MapPoint[];
    }
  | {
      readonly type: 'expanded';
      readonly clusterId: number;
      readonly generation: number;
      readonly zoom: number;
    };
