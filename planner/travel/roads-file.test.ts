import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readRoadsFile, roadsArray, writeRoadsFile } from './roads-file.ts';
import type { RoadsArray } from './roads-file.ts';

const ABOUT = {
  source: 'town.osm.pbf',
  importedAtMs: 5,
  drivesOnLeft: false,
  profiles: [{ name: 'truck', nodes: 2, streets: 1, unusedSigns: 0 }],
  bounds: [1, 2, 3, 4] as [number, number, number, number],
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tunna-roads-file-'));
  file = path.join(folder, 'roads.bin');
  writeRoadsFile(
    file,
    ABOUT,
    new Map<string, RoadsArray>([
      ['bytes', Uint8Array.of(1, 2, 3)],
      ['ints', Int32Array.of(-1, 2 ** 30)],
      ['floats', Float64Array.of(0.5, Infinity)],
    ]),
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a file of roads', () => {
  test('gives back what was written, in memory that threads can share', () => {
    const roads = readRoadsFile(file);
    expect(roads.header).toMatchObject(ABOUT);
    expect(roads.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect([...roadsArray(roads, 'bytes', 'Uint8')]).toEqual([1, 2, 3]);
    expect([...roadsArray(roads, 'ints', 'Int32')]).toEqual([-1, 2 ** 30]);
    expect([...roadsArray(roads, 'floats', 'Float64')]).toEqual([0.5, Infinity]);
    expect(readdirSync(folder)).toEqual(['roads.bin']);
  });

  test('is refused wherever one byte of it has changed', () => {
    const sound = readFileSync(file);
    for (let at = 0; at < sound.length; at += 1) {
      const damaged = Buffer.from(sound);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
      // The length of the header is not summed up, but a wrong one leaves no sense.
      writeFileSync(file, damaged);
      expect(() => readRoadsFile(file), `byte ${at}`).toThrow(
        /is no file of roads|is of version|is damaged|makes no sense/,
      );
    }
  });

  test('is refused when it was cut off', () => {
    writeFileSync(file, readFileSync(file).subarray(0, -8));
    expect(() => readRoadsFile(file)).toThrow('is damaged');
    writeFileSync(file, '');
    expect(() => readRoadsFile(file)).toThrow('is no file of roads');
  });

  test('of another version must be made anew', () => {
    const bytes = readFileSync(file);
    bytes.writeUInt32LE(99, 8);
    writeFileSync(file, bytes);
    expect(() => readRoadsFile(file)).toThrow(/is of version 99, .*import the roads again/);
  });

  test('that is not there, or is a folder, is told in one line', () => {
    expect(() => readRoadsFile(path.join(folder, 'none'))).toThrow(/none cannot be read: .*ENOENT/);
    expect(() => readRoadsFile(folder)).toThrow('cannot be read');
  });

  test('has no array of another name or type', () => {
    const roads = readRoadsFile(file);
    expect(() => roadsArray(roads, 'other', 'Int32')).toThrow('lacks "other"');
    expect(() => roadsArray(roads, 'ints', 'Float64')).toThrow('lacks "ints"');
  });

  test('is not left half behind where it cannot be written', () => {
    expect(() => writeRoadsFile(path.join(folder, 'no', 'x'), ABOUT, new Map())).toThrow(
      'cannot be written',
    );
  });
});
