import { roadsArray } from '../roads-file.ts';
import type { RoadsArray, RoadsFile } from '../roads-file.ts';
import type { Network } from './network/network.ts';

/** The arrays of one profile's network under the names they have in a file. */
export function toArrays(
  profile: string,
  network: Network,
  indexBytes: Uint8Array,
): [string, RoadsArray][] {
  const { hierarchy } = network;
  const arrays: [string, RoadsArray][] = [
    ['offsets', hierarchy.offsets],
    ['others', hierarchy.others],
    ['shortcutCosts', hierarchy.costs],
    ['firstParts', hierarchy.firstParts],
    ['secondParts', hierarchy.secondParts],
    ['lineOffsets', network.lineOffsets],
    ['lines', network.lines],
    ['names', network.names],
    ['isWide', network.isWide],
    ['costs', network.costs],
    ['heads', network.heads],
    ['tailOffsets', network.tailOffsets],
    ['tails', network.tails],
    ['index', indexBytes],
  ];
  return arrays.map(([name, array]) => [`${profile}/${name}`, array]);
}

/** The same back again, without copying. */
export function fromArrays(roads: RoadsFile, profile: string) {
  const ints = (name: string) => roadsArray(roads, `${profile}/${name}`, 'Int32');
  const floats = (name: string) => roadsArray(roads, `${profile}/${name}`, 'Float64');
  const bytes = (name: string) => roadsArray(roads, `${profile}/${name}`, 'Uint8');
  const offsets = ints('offsets');
  const network: Network = {
    hierarchy: {
      nodeCount: (offsets.length - 1) / 2,
      offsets,
      others: ints('others'),
      costs: floats('shortcutCosts'),
      firstParts: ints('firstParts'),
      secondParts: ints('secondParts'),
    },
    lineOffsets: ints('lineOffsets'),
    lines: ints('lines'),
    names: ints('names'),
    isWide: bytes('isWide'),
    costs: floats('costs'),
    heads: ints('heads'),
    tailOffsets: ints('tailOffsets'),
    tails: ints('tails'),
  };
  return { network, indexBytes: bytes('index') };
}

const STREETS = 'streets';

/** Names of streets as one array of bytes. */
export function toNameBytes(names: readonly string[]): [string, RoadsArray] {
  return [STREETS, new TextEncoder().encode(JSON.stringify(names))];
}

export function fromNameBytes(roads: RoadsFile): readonly string[] {
  const text = Buffer.from(roadsArray(roads, STREETS, 'Uint8')).toString('utf8');
  // Safe: written by `toNameBytes`, and the file's checksum is right.
  return JSON.parse(text) as string[];
}
