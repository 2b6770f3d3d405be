/** What a vehicle may use, and how fast it is: one road network is built for each. */
export interface RoadProfile {
  readonly name: string;
  /** Trucks obey signs for `hgv`, others those for `motorcar`. */
  readonly isTruck: boolean;
  readonly heightM: number;
  readonly widthM: number;
  readonly lengthM: number;
  /** Laden, tonnes. */
  readonly weightT: number;
  readonly axleLoadT: number;
  /** It drives no faster anywhere, km/h. */
  readonly mostKmh: number;
}

/** A refuse truck of three axles, a small one for narrow streets, and a van. */
export const ROAD_PROFILES: readonly RoadProfile[] = [
  {
    name: 'truck',
    ...{ isTruck: true, heightM: 3.8, widthM: 2.55, lengthM: 10, weightT: 26, axleLoadT: 10 },
    mostKmh: 80,
  },
  {
    name: 'small-truck',
    ...{ isTruck: true, heightM: 3.2, widthM: 2.3, lengthM: 7.5, weightT: 12, axleLoadT: 8 },
    mostKmh: 80,
  },
  {
    name: 'van',
    ...{ isTruck: false, heightM: 2.6, widthM: 2.1, lengthM: 6, weightT: 3.5, axleLoadT: 2 },
    mostKmh: 110,
  },
];

export const ROAD_PROFILE_NAMES: readonly string[] = ROAD_PROFILES.map(({ name }) => name);
