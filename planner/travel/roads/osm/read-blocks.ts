import { createReadStream, openSync, readSync, closeSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { OSMTransform } from 'osm-pbf-parser-node';
import { errorText } from '../../../../domain/error-text.ts';
import { TravelError } from '../../travel-source.ts';

export type Tags = Readonly<Record<string, string>>;

export interface OsmNode {
  readonly type: 'node';
  readonly id: number;
  readonly lat: number;
  readonly lon: number;
  readonly tags?: Tags;
}

export interface OsmWay {
  readonly type: 'way';
  readonly id: number;
  readonly refs: readonly number[];
  readonly tags?: Tags;
}

export interface OsmRelation {
  readonly type: 'relation';
  readonly id: number;
  readonly members: readonly {
    readonly type: string;
    readonly ref: number;
    readonly role: string;
  }[];
  readonly tags?: Tags;
}

export type OsmItem = OsmNode | OsmWay | OsmRelation;

const CHUNK_BYTES = 1 << 20;

/**
 * Reads an OpenStreetMap extract (PBF) from its beginning to its end. `onBytes` hears how much of it has been read.
 * @throws {TravelError} when it cannot be read, or is something else.
 */
export async function readBlocks(
  file: string,
  nodeTags: string[] | false,
  onBlock: (items: readonly OsmItem[]) => void,
  onBytes: (bytes: number) => void,
): Promise<void> {
  try {
    assertExtract(file);
    const input = createReadStream(file, { highWaterMark: CHUNK_BYTES });
    const parser = new OSMTransform({ withTags: { node: nodeTags, way: true, relation: true } });
    await pipeline(input, parser, async (blocks) => {
      for await (const block of blocks) {
        // Safe: what the parser makes of a block; the file's header comes as an item without a type.
        onBlock((block as OsmItem[]).filter((item) => item.type !== undefined));
        onBytes(input.bytesRead);
      }
    });
  } catch (error) {
    if (error instanceof TravelError) throw error;
    throw new TravelError(`${file} cannot be read: ${errorText(error)}`, { cause: error });
  }
}

/** An extract begins with the length of a header and the word OSMHeader; anything else would be searched to its end in vain. */
function assertExtract(file: string): void {
  if (!statSync(file).isFile()) throw new TravelError(`${file} is no file`);
  const start = Buffer.alloc(64);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, start);
  } finally {
    closeSync(handle);
  }
  if (!start.subarray(4).includes('OSMHeader')) {
    throw new TravelError(`${file} is no OpenStreetMap extract in PBF (.osm.pbf)`);
  }
}
