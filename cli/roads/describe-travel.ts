import { NO_WAY } from '../../planner/problem/matrix.ts';
import type {
  Position,
  TravelDescription,
  TravelRoute,
  TravelTable,
} from '../../planner/travel/travel-source.ts';
import { formatTable } from '../print.ts';

/** Who answered, and whom the data belongs to. */
export function describeSource({ text, attribution }: TravelDescription): string {
  return attribution === null ? text : `${text} (${attribution})`;
}

/** `12:05 3.4 km` for each pair; a hyphen where there is no way. */
export function tableToText(table: TravelTable): string {
  const numbers = Array.from({ length: table.size }, (_, index) => index);
  const rows = numbers.map((from) => [
    from + 1,
    ...numbers.map((to) => {
      const entry = from * table.size + to;
      const [seconds = NO_WAY, metres = NO_WAY] = [table.seconds[entry], table.metres[entry]];
      return seconds >= NO_WAY ? null : `${formatDuration(seconds)} ${formatLength(metres)}`;
    }),
  ]);
  const headings = ['from \\ to', ...numbers.map((number) => String(number + 1))];
  return `${formatTable(headings, rows)}\n${describeSource(table.by)}`;
}

/** Rows of numbers, `null` where there is no way. */
export function tableToJson({ size, seconds, metres, by }: TravelTable): unknown {
  const rows = (values: Int32Array): (number | null)[][] =>
    Array.from({ length: size }, (_, row) =>
      Array.from(values.subarray(row * size, (row + 1) * size), (value) =>
        value >= NO_WAY ? null : value,
      ),
    );
  return { source: by, seconds: rows(seconds), metres: rows(metres) };
}

/** The streets of each leg, for reading. */
export function routeToText({ legs, metres, seconds, by }: TravelRoute): string {
  const lines = legs.flatMap((leg, index) => [
    `${index + 1} to ${index + 2}: ${formatDuration(leg.seconds)}, ${formatLength(leg.metres)}`,
    ...leg.streets.map(
      (part) => `  ${formatLength(part.metres).padStart(9)}  ${part.street || '(no name)'}`,
    ),
  ]);
  const total = `in all: ${formatDuration(seconds)}, ${formatLength(metres)}`;
  // A control character in a street's name could rewrite the operator's screen.
  const text = [...lines, total].map((line) => line.replaceAll(/\p{Cc}/gu, '\uFFFD'));
  return [...text, describeSource(by)].join('\n');
}

/** Each leg as a line, for a map (RFC 7946). */
export function routeToGeoJson({ legs, by }: TravelRoute): unknown {
  return {
    type: 'FeatureCollection',
    features: legs.map(({ line, metres, seconds, streets }) => ({
      type: 'Feature',
      geometry: { type: 'LineString', coordinates: line.map(toLngLat) },
      properties: { metres, seconds, streets, source: by.text, attribution: by.attribution },
    })),
  };
}

function toLngLat({ lat, lng }: Position): [number, number] {
  return [Number(lng.toFixed(6)), Number(lat.toFixed(6))];
}

function formatDuration(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function formatLength(metres: number): string {
  return metres < 1000 ? `${metres} m` : `${(metres / 1000).toFixed(1)} km`;
}
