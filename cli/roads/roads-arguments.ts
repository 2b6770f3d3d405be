import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { errorText } from '../../domain/error-text.ts';
import type { TravelChoice } from '../../planner/travel/open-travel.ts';
import type { Position } from '../../planner/travel/travel-source.ts';
import { dataPaths } from '../data-folder.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';

/** A place as `59.1955,17.6252`: latitude and longitude. */
export function positionArgument(text: string, earlier: readonly Position[] = []): Position[] {
  const position = parsePosition(text);
  if (position === undefined) {
    throw new InvalidArgumentError('A place is latitude,longitude such as 59.1955,17.6252.');
  }
  return [...earlier, position];
}

function parsePosition(text: string): Position | undefined {
  const [, lat, lng] = /^\s*(-?\d+(?:\.\d+)?)\s*[,;\t ]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text) ?? [];
  const position = { lat: Number(lat), lng: Number(lng) };
  const isOnEarth = Math.abs(position.lat) <= 90 && Math.abs(position.lng) <= 180;
  return isOnEarth ? position : undefined;
}

/** Places of a file, one a line. Empty lines do not count. */
export function readPositions(file: string): Position[] {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Refusal(EXIT.failure, `${file}: ${errorText(error)}`);
  }
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const position = parsePosition(line);
    if (position !== undefined) return [position];
    throw new Refusal(
      EXIT.failure,
      `${file}, line ${index + 1}: a place is latitude,longitude such as 59.1955,17.6252`,
    );
  });
}

export interface SourceOptions {
  readonly roads?: string;
  readonly osrm?: string;
  readonly valhalla?: string;
  readonly straightLine?: true;
}

/** The one source that is named; else the roads in the data folder. */
export function chooseTravel({ roads, osrm, valhalla, straightLine }: SourceOptions): TravelChoice {
  const choices: TravelChoice[] = [
    ...(roads === undefined ? [] : [{ kind: 'roads', file: roads } as const]),
    ...(osrm === undefined ? [] : [{ kind: 'osrm', url: osrm } as const]),
    ...(valhalla === undefined ? [] : [{ kind: 'valhalla', url: valhalla } as const]),
    ...(straightLine === undefined ? [] : [{ kind: 'straight-line' } as const]),
  ];
  if (choices.length > 1) {
    throw new Refusal(EXIT.usage, 'say only one of --roads, --osrm, --valhalla, --straight-line');
  }
  return choices[0] ?? { kind: 'roads', file: defaultRoadsFile() };
}

/** Where `tunna roads import` puts what it makes. */
export function defaultRoadsFile(): string {
  return dataPaths(loadSettings().settings.dataFolder).roads;
}
