/** The roads of an extract, before they become a network: what several vehicle profiles share, and what each may use. */
export interface OsmRoads {
  /** Of nodes that roads use, in units of 1e-7 degrees. */
  readonly lats: Int32Array;
  readonly lngs: Int32Array;
  /** The nodes of way `w`: `wayNodes[wayOffsets[w]] ..`; -1 where the extract lacks one. */
  readonly wayOffsets: Int32Array;
  readonly wayNodes: Int32Array;
  /** Index into `streets`; 0 is the nameless street. */
  readonly wayStreets: Int32Array;
  /** 1: a stop is reached on its own side of the road. */
  readonly wayIsWide: Uint8Array;
  readonly streets: readonly string[];
  readonly profiles: readonly ProfileRoads[];
  readonly unusedSigns: number;
}

export interface ProfileRoads {
  /** By way, km/h; 0: not that way. */
  readonly forwardKmh: Uint8Array;
  readonly backwardKmh: Uint8Array;
  /** By node; 1: nobody passes. */
  readonly isBlocked: Uint8Array;
  readonly turns: readonly Turn[];
}

/** A turn sign; ways and node as indices. */
export interface Turn {
  readonly fromWay: number;
  readonly viaNode: number;
  readonly toWay: number;
  readonly isOnly: boolean;
}
