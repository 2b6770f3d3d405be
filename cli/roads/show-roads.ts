import { readRoadsFile } from '../../planner/travel/roads-file.ts';
import { OSM_ATTRIBUTION } from '../../planner/travel/attribution.ts';
import { TravelError } from '../../planner/travel/travel-source.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { formatTable, formatTime, print, printJson } from '../print.ts';

/** What a file of roads holds. */
export function showRoads(file: string, asJson: boolean): void {
  const { header, buffer } = readOrRefuse(file);
  const { source, importedAtMs, drivesOnLeft, bounds, profiles } = header;
  if (asJson) {
    const importedAt = formatTime(importedAtMs);
    const licence = OSM_ATTRIBUTION;
    printJson({
      file,
      bytes: buffer.byteLength,
      source,
      importedAt,
      drivesOnLeft,
      bounds,
      profiles,
      licence,
    });
    return;
  }
  const [south, west, north, east] = bounds.map((degrees) => degrees.toFixed(4));
  print(
    `${source}, imported ${formatTime(importedAtMs)}, ${(buffer.byteLength / 1e6).toFixed(1)} MB`,
  );
  print(
    `from ${south},${west} to ${north},${east}; they drive on the ${drivesOnLeft ? 'left' : 'right'}`,
  );
  print(
    formatTable(
      ['profile', 'nodes', 'streets', 'turn signs not used'],
      profiles.map(({ name, nodes, streets, unusedSigns }) => [name, nodes, streets, unusedSigns]),
    ),
  );
  print(OSM_ATTRIBUTION);
}

function readOrRefuse(file: string) {
  try {
    return readRoadsFile(file);
  } catch (error) {
    if (!(error instanceof TravelError)) throw error;
    throw new Refusal(EXIT.failure, error.message, { cause: error });
  }
}
