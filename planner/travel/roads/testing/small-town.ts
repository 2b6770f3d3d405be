import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RoadProfile } from '../../road-profiles.ts';
import { ROAD_PROFILES } from '../../road-profiles.ts';
import { readRoadsFile } from '../../roads-file.ts';
import { writePbf } from '../../testing/write-pbf.ts';
import type { TestMap, TestRelation } from '../../testing/write-pbf.ts';
import { RoadEngine } from '../engine.ts';
import { importRoads } from '../import-roads.ts';
import { fromArrays, fromNameBytes } from '../network-arrays.ts';
import type { Network } from '../network/network.ts';

export interface Imported {
  readonly engine: RoadEngine;
  readonly network: Network;
  readonly unusedSigns: number;
}

export interface ImportOptions {
  readonly profile?: RoadProfile;
  readonly drivesOnLeft?: boolean;
}

const [TRUCK] = ROAD_PROFILES;

/** Imports an extract the whole way: PBF file, file of roads, engine. */
export async function importExtract(
  file: string,
  { profile = TRUCK, drivesOnLeft = false }: ImportOptions = {},
): Promise<Imported> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tunna-roads-'));
  try {
    const out = path.join(folder, 'roads.bin');
    const order = {
      kind: 'import',
      file,
      out,
      profiles: [profile],
      drivesOnLeft,
      nowMs: 0,
    } as const;
    await importRoads(order, () => {});
    const roads = readRoadsFile(out);
    const { network, indexBytes } = fromArrays(roads, profile.name);
    const engine = new RoadEngine(network, fromNameBytes(roads), indexBytes, drivesOnLeft);
    return { engine, network, unusedSigns: roads.header.profiles[0].unusedSigns };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function importMap(map: TestMap, options: ImportOptions = {}): Promise<Imported> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tunna-map-'));
  try {
    const file = path.join(folder, 'town.osm.pbf');
    writePbf(file, map);
    return await importExtract(file, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A sign at a node: from one way, not (or only) into another. */
export function turnSign(
  id: number,
  [fromWay, viaNode, toWay]: readonly [number, number, number],
  tags: Readonly<Record<string, string>>,
): TestRelation {
  return {
    id,
    members: [
      { type: 'way', id: fromWay, role: 'from' },
      { type: 'node', id: viaNode, role: 'via' },
      { type: 'way', id: toWay, role: 'to' },
    ],
    tags: { type: 'restriction', ...tags },
  };
}
