import type { Hierarchy } from '../hierarchy/hierarchy.ts';

/**
 * The roads of one vehicle profile. Streets run between nodes; directed street `2s` is street `s` forwards, `2s + 1` backwards.
 */
export interface Network {
  readonly hierarchy: Hierarchy;
  /** Points of street `s`, as pairs of latitude and longitude in 1e-7 degrees: from point `lineOffsets[s]` to before `lineOffsets[s + 1]`. */
  readonly lineOffsets: Int32Array;
  readonly lines: Int32Array;
  /** Index into the names; 0: none. */
  readonly names: Int32Array;
  /** 1: a stop is reached on its own side of the road. */
  readonly isWide: Uint8Array;
  /** By directed street; -1: not that way. */
  readonly costs: Float64Array;
  /** The node that each directed street leads to, as the hierarchy numbers them. */
  readonly heads: Int32Array;
  /** The nodes from which a directed street can be entered: several where turn signs stand. */
  readonly tailOffsets: Int32Array;
  readonly tails: Int32Array;
}
