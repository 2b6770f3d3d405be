import { basename } from 'node:path';
import { writeRoadsFile } from '../roads-file.ts';
import type { RoadsArray, RoadsHeader } from '../roads-file.ts';
import { TravelError } from '../travel-source.ts';
import type { ImportOrder } from './messages.ts';
import { toArrays, toNameBytes } from './network-arrays.ts';
import { buildNetwork } from './network/build-network.ts';
import type { OsmRoads } from './osm/osm-roads.ts';
import { readOsmRoads } from './osm/read-osm.ts';
import { buildStreetIndex } from './snap.ts';

/** Makes a file of roads out of an extract. @throws {TravelError} */
export async function importRoads(
  { file, out, profiles, drivesOnLeft, nowMs }: ImportOrder,
  onProgress: (step: string, percent: number) => void,
): Promise<void> {
  const roads = await readOsmRoads(file, profiles, (percent) => onProgress('reading', percent));
  const arrays = new Map<string, RoadsArray>([toNameBytes(roads.streets)]);
  const summaries: RoadsHeader['profiles'] = [];
  for (const [which, { name }] of profiles.entries()) {
    const { network, unusedSigns } = buildNetwork(roads, roads.profiles[which], (percent) =>
      onProgress(`building ${name}`, percent),
    );
    const nodes = network.hierarchy.nodeCount;
    if (nodes < 2) throw new TravelError(`${file} has no connected roads for a ${name}`);
    const index = new Uint8Array(buildStreetIndex(network));
    for (const [key, array] of toArrays(name, network, index)) arrays.set(key, array);
    const streets = network.names.length;
    summaries.push({ name, nodes, streets, unusedSigns: roads.unusedSigns + unusedSigns });
  }
  onProgress('writing', 0);
  writeRoadsFile(
    out,
    {
      source: basename(file),
      importedAtMs: nowMs,
      drivesOnLeft,
      profiles: summaries,
      bounds: findBounds(roads),
    },
    arrays,
  );
}

function findBounds({ lats, lngs, wayNodes }: OsmRoads): [number, number, number, number] {
  const bounds: [number, number, number, number] = [90, 180, -90, -180];
  for (const node of wayNodes) {
    if (node < 0) continue;
    const [lat, lng] = [lats[node] / 1e7, lngs[node] / 1e7];
    bounds[0] = Math.min(bounds[0], lat);
    bounds[1] = Math.min(bounds[1], lng);
    bounds[2] = Math.max(bounds[2], lat);
    bounds[3] = Math.max(bounds[3], lng);
  }
  return bounds;
}
