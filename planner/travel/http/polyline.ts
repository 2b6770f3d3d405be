import type { Position } from '../travel-source.ts';

/**
 * A line in Google's encoded polyline format with six decimals, as Valhalla writes it.
 * https://valhalla.github.io/valhalla/decoding/
 */
export function decodePolyline6(text: string): Position[] {
  const positions: Position[] = [];
  let index = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 5) {
      const bits = text.charCodeAt(index++) - 63;
      if (!(bits >= 0 && bits < 64) || shift > 30) throw new Error('an encoded line is broken');
      value |= (bits & 31) << shift;
      if (bits < 32) return value & 1 ? ~(value >> 1) : value >> 1;
    }
  };
  let lat = 0;
  let lng = 0;
  while (index < text.length) {
    lat += next();
    lng += next();
    positions.push({ lat: lat / 1e6, lng: lng / 1e6 });
  }
  return positions;
}
