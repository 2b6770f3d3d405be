import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { z } from 'zod';
import { errorText } from '../../domain/error-text.ts';
import { TravelError } from './travel-source.ts';

/*
 * A file of road networks: a mark, a version, the length of the header, a SHA-256 of all that follows, the header (JSON), and flat arrays,
 * each beginning at a multiple of eight bytes. Numbers lie as this machine has them in memory (little endian on all that Node runs on
 * today), so the file is used as it was read, by several threads at once.
 */

const MARK = 'TUNNARDS';
/** Goes up whenever the meaning of anything in the file changes. */
export const ROADS_VERSION = 1;
const PREFIX_BYTES = 48;
const MOST_HEADER_BYTES = 1 << 20;

const ARRAY_TYPES = { Int32: Int32Array, Float64: Float64Array, Uint8: Uint8Array } as const;

interface ArrayTypes {
  readonly Int32: Int32Array;
  readonly Float64: Float64Array;
  readonly Uint8: Uint8Array;
}

const headerSchema = z.strictObject({
  source: z.string(),
  importedAtMs: z.int(),
  drivesOnLeft: z.boolean(),
  profiles: z.array(
    z.strictObject({ name: z.string(), nodes: z.int(), streets: z.int(), unusedSigns: z.int() }),
  ),
  /** South, west, north, east. */
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  arrays: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(['Int32', 'Float64', 'Uint8']),
      byteOffset: z.int().nonnegative(),
      length: z.int().nonnegative(),
    }),
  ),
});

export type RoadsHeader = z.infer<typeof headerSchema>;
export type RoadsArray = Int32Array | Float64Array | Uint8Array;

/** What a file holds; may be handed to other threads, which then share it. */
export interface RoadsFile {
  readonly header: RoadsHeader;
  readonly buffer: SharedArrayBuffer;
}

/** Writes a file whole or not at all. @throws {TravelError} */
export function writeRoadsFile(
  file: string,
  about: Omit<RoadsHeader, 'arrays'>,
  arrays: ReadonlyMap<string, RoadsArray>,
): void {
  const { bytes, length } = layOut(about, arrays);
  const aside = `${file}.part`;
  try {
    const handle = openSync(aside, 'w');
    try {
      for (let done = 0; done < length;) done += writeSync(handle, bytes, done, length - done);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw new TravelError(`${file} cannot be written: ${errorText(error)}`, { cause: error });
  }
}

function layOut(about: Omit<RoadsHeader, 'arrays'>, arrays: ReadonlyMap<string, RoadsArray>) {
  const entries = [...arrays];
  const describe = (start: number): RoadsHeader => {
    let byteOffset = start;
    const described = entries.map(([name, array]) => {
      const entry = { name, type: typeOf(array), byteOffset, length: array.length };
      byteOffset = aligned(byteOffset + array.byteLength);
      return entry;
    });
    return { ...about, arrays: described };
  };
  // Offsets are part of the header, whose length they change: this much room is always enough.
  const room = aligned(Buffer.byteLength(JSON.stringify(describe(Number.MAX_SAFE_INTEGER / 2))));
  const header = describe(PREFIX_BYTES + room);
  const last = header.arrays.at(-1);
  const lastBytes = entries.at(-1)?.[1].byteLength ?? 0;
  const length = aligned((last?.byteOffset ?? PREFIX_BYTES + room) + lastBytes);
  const bytes = Buffer.alloc(length);
  bytes.write(MARK, 0, 'latin1');
  new Uint32Array(bytes.buffer, bytes.byteOffset + 8, 2).set([ROADS_VERSION, room]);
  bytes.fill(' ', PREFIX_BYTES, PREFIX_BYTES + room);
  bytes.write(JSON.stringify(header), PREFIX_BYTES);
  for (const [index, { byteOffset }] of header.arrays.entries()) {
    const array = entries[index]?.[1];
    if (array === undefined) continue;
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), byteOffset);
  }
  bytes.set(createHash('sha256').update(bytes.subarray(PREFIX_BYTES)).digest(), 16);
  return { bytes, length };
}

/** @throws {TravelError} when it cannot be read, is of another kind or version, or is damaged. */
export function readRoadsFile(file: string): RoadsFile {
  const buffer = readShared(file);
  const bytes = new Uint8Array(buffer);
  const mark = Buffer.from(bytes.subarray(0, MARK.length)).toString('latin1');
  if (bytes.length < PREFIX_BYTES || mark !== MARK) {
    throw new TravelError(`${file} is no file of roads; "tunna roads import" makes one`);
  }
  const [version, room = 0] = new Uint32Array(buffer, 8, 2);
  if (version !== ROADS_VERSION) {
    throw new TravelError(
      `${file} is of version ${version}, this Tunna reads ${ROADS_VERSION}: import the roads again`,
    );
  }
  const checksum = createHash('sha256').update(bytes.subarray(PREFIX_BYTES)).digest();
  if (!checksum.equals(bytes.subarray(16, PREFIX_BYTES))) {
    throw new TravelError(`${file} is damaged (its checksum is wrong): import the roads again`);
  }
  const header = readHeader(file, bytes, room);
  return { header, buffer };
}

function readHeader(file: string, bytes: Uint8Array, room: number): RoadsHeader {
  // The checksum was right, so only a file made by something else gets here with nonsense.
  try {
    if (room > MOST_HEADER_BYTES) throw new Error('its header is too long');
    const text = Buffer.from(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + room)).toString('utf8');
    return headerSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new TravelError(`${file} makes no sense: import the roads again`, { cause: error });
  }
}

function readShared(file: string): SharedArrayBuffer {
  try {
    const handle = openSync(file, 'r');
    try {
      const status = fstatSync(handle);
      if (!status.isFile()) throw new Error('it is no file');
      const size = status.size;
      const buffer = new SharedArrayBuffer(size);
      const bytes = new Uint8Array(buffer);
      for (let done = 0; done < size;) {
        const read = readSync(handle, bytes, done, Math.min(1 << 30, size - done), done);
        if (read === 0) throw new Error('it became shorter while it was read');
        done += read;
      }
      return buffer;
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw new TravelError(`${file} cannot be read: ${errorText(error)}`, { cause: error });
  }
}

/** An array of a file, in place. @throws {TravelError} when the file has none of this name and type. */
export function roadsArray<Type extends keyof ArrayTypes>(
  { header, buffer }: RoadsFile,
  name: string,
  type: Type,
): ArrayTypes[Type] {
  const entry = header.arrays.find((each) => each.name === name);
  const fits =
    entry?.type === type &&
    entry.byteOffset + entry.length * ARRAY_TYPES[type].BYTES_PER_ELEMENT <= buffer.byteLength;
  if (!fits) throw new TravelError(`the file of roads lacks "${name}": import the roads again`);
  const make: new (buffer: SharedArrayBuffer, from: number, length: number) => RoadsArray =
    ARRAY_TYPES[type];
  // Safe: made with the constructor of that type.
  return new make(buffer, entry.byteOffset, entry.length) as ArrayTypes[Type];
}

function typeOf(array: RoadsArray): keyof typeof ARRAY_TYPES {
  if (array instanceof Int32Array) return 'Int32';
  return array instanceof Float64Array ? 'Float64' : 'Uint8';
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
