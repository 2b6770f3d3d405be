/** A point on the map, WGS84 degrees. */
export interface Location {
  readonly lat: number;
  readonly lng: number;
}

/** A disc of dry land. */
export interface Disc {
  readonly centre: Location;
  readonly radiusMeters: number;
}

/** A neighbourhood of the town, as discs of land, with the streets its bins stand on. */
export interface LandArea {
  readonly name: string;
  readonly discs: readonly Disc[];
  readonly streets: readonly string[];
  /** Share of the town's sites, relative to the other areas. */
  readonly weight: number;
}

/** Central Södertälje: no bin lies outside. */
export const TOWN_BOX = { south: 59.145, north: 59.224, west: 17.554, east: 17.686 } as const;

/**
 * The neighbourhoods are real, and so roughly are their centres; the discs are drawn small so that they stay clear
 * of the canal, Maren, Igelstaviken, Mälaren and Måsnaren. Streets, house numbers and every position are invented.
 */
export const LAND_AREAS: readonly LandArea[] = [
  {
    name: 'Centrum',
    discs: [
      { centre: { lat: 59.1952, lng: 17.6228 }, radiusMeters: 300 },
      { centre: { lat: 59.1912, lng: 17.6245 }, radiusMeters: 240 },
    ],
    streets: ['Storgatan', 'Järnagatan', 'Köpmangatan', 'Nygatan', 'Badhusgatan', 'Torggatan'],
    weight: 7,
  },
  land('Mariekälla', 59.193, 17.605, 290, ['Mariekällgatan', 'Barrtorpsvägen', 'Tallvägen'], 2),
  land('Blombacka', 59.201, 17.611, 240, ['Blombackagatan', 'Syrenvägen', 'Liljevägen'], 2),
  land('Bårsta', 59.1865, 17.6065, 240, ['Bårstagatan', 'Klippvägen', 'Stenvägen'], 1),
  land('Saltskog', 59.1815, 17.612, 240, ['Saltskogsgatan', 'Nyköpingsvägen', 'Strandvägen'], 1),
  land('Ronna', 59.2055, 17.598, 320, ['Ronnavägen', 'Robert Anbergs väg', 'Skolgatan'], 2),
  land('Geneta', 59.1935, 17.583, 300, ['Genetagatan', 'Hantverksvägen', 'Klastorpsvägen'], 2),
  land('Hovsjö', 59.196, 17.5605, 240, ['Hovsjövägen', 'Granövägen', 'Kvarnvägen'], 2),
  land('Västergård', 59.1875, 17.588, 230, ['Västergårdsvägen', 'Åkervägen', 'Ängsvägen'], 1),
  land('Rosenlund', 59.2, 17.65, 250, ['Rosenlundsgatan', 'Parkvägen', 'Ekvägen'], 1),
  land('Lina', 59.2055, 17.651, 220, ['Linavägen', 'Hagvägen', 'Björkvägen'], 1),
  land('Brunnsäng', 59.194, 17.657, 240, ['Brunnsängsvägen', 'Källgatan', 'Idrottsvägen'], 2),
  land('Östertälje', 59.1875, 17.66, 270, ['Stationsvägen', 'Kyrkvägen', 'Villavägen'], 2),
  land('Grusåsen', 59.1868, 17.6705, 210, ['Grusåsvägen', 'Åsvägen', 'Tegelvägen'], 1),
  land('Fornhöjden', 59.18, 17.672, 250, ['Fornhöjdsvägen', 'Smedvägen', 'Prästgårdsvägen'], 2),
];

function land(
  name: string,
  lat: number,
  lng: number,
  radiusMeters: number,
  streets: readonly string[],
  weight: number,
): LandArea {
  return { name, discs: [{ centre: { lat, lng }, radiusMeters }], streets, weight };
}

const METERS_PER_DEGREE = 111_320;

/** The point that lies so many metres east and north of another. Good to a metre over a town. */
export function offsetLocation(from: Location, eastMeters: number, northMeters: number): Location {
  const lat = from.lat + northMeters / METERS_PER_DEGREE;
  const lng = from.lng + eastMeters / (METERS_PER_DEGREE * Math.cos((from.lat * Math.PI) / 180));
  return { lat: roundDegrees(lat), lng: roundDegrees(lng) };
}

/** Distance over a town, metres, on a flat map. */
export function metersBetween(a: Location, b: Location): number {
  const north = (b.lat - a.lat) * METERS_PER_DEGREE;
  const east = (b.lng - a.lng) * METERS_PER_DEGREE * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(north, east);
}

export function isOnLand(location: Location, area: LandArea): boolean {
  return area.discs.some((disc) => metersBetween(disc.centre, location) <= disc.radiusMeters);
}

/** Six decimals are a decimetre. */
function roundDegrees(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
