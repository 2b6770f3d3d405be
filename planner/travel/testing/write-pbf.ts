import { writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

/*
 * Writes OpenStreetMap extracts for tests, in the PBF format: https://wiki.openstreetmap.org/wiki/PBF_Format. Only what readers of
 * roads need, and by none of the code that reads it.
 */

type Tags = Readonly<Record<string, string>>;

export interface TestNode {
  readonly id: number;
  readonly lat: number;
  readonly lng: number;
  readonly tags?: Tags;
}

export interface TestWay {
  readonly id: number;
  readonly nodes: readonly number[];
  readonly tags: Tags;
}

export interface TestRelation {
  readonly id: number;
  readonly members: readonly {
    readonly type: 'node' | 'way';
    readonly id: number;
    readonly role: string;
  }[];
  readonly tags: Tags;
}

export interface TestMap {
  readonly nodes: readonly TestNode[];
  readonly ways: readonly TestWay[];
  readonly relations?: readonly TestRelation[];
}

/** A block may hold 8,000 entities. */
const PER_BLOCK = 8000;

export function writePbf(file: string, { nodes, ways, relations = [] }: TestMap): void {
  const blocks = [
    ...inBlocks(nodes, (group, strings) => field(2, denseNodes(group, strings))),
    ...inBlocks(ways, (group, strings) =>
      Buffer.concat(group.map((way) => field(3, wayMessage(way, strings)))),
    ),
    ...inBlocks(relations, (group, strings) =>
      Buffer.concat(group.map((relation) => field(4, relationMessage(relation, strings)))),
    ),
  ];
  const features = ['OsmSchema-V0.6', 'DenseNodes'].map((name) => field(4, Buffer.from(name)));
  const parts = [blob('OSMHeader', Buffer.concat(features))];
  writeFileSync(file, Buffer.concat([...parts, ...blocks.map((block) => blob('OSMData', block))]));
}

function inBlocks<Item>(
  items: readonly Item[],
  write: (group: readonly Item[], strings: Strings) => Buffer,
): Buffer[] {
  const blocks: Buffer[] = [];
  for (let from = 0; from < items.length; from += PER_BLOCK) {
    const strings = new Strings();
    const group = write(items.slice(from, from + PER_BLOCK), strings);
    blocks.push(Buffer.concat([field(1, strings.message()), field(2, group)]));
  }
  return blocks;
}

/** The table of strings of a block; the first is empty. */
class Strings {
  readonly #indices = new Map<string, number>([['', 0]]);

  index(text: string): number {
    const present = this.#indices.get(text) ?? this.#indices.size;
    this.#indices.set(text, present);
    return present;
  }

  message(): Buffer {
    return Buffer.concat([...this.#indices.keys()].map((text) => field(1, Buffer.from(text))));
  }
}

function denseNodes(nodes: readonly TestNode[], strings: Strings): Buffer {
  const tags = nodes.flatMap((node) => [
    ...Object.entries(node.tags ?? {}).flatMap((pair) => pair.map((text) => strings.index(text))),
    0,
  ]);
  const units = (degrees: number): number => Math.round(degrees * 1e7);
  return Buffer.concat([
    field(1, deltas(nodes.map(({ id }) => id))),
    field(8, deltas(nodes.map(({ lat }) => units(lat)))),
    field(9, deltas(nodes.map(({ lng }) => units(lng)))),
    field(10, Buffer.concat(tags.map(varint))),
  ]);
}

function wayMessage({ id, nodes, tags }: TestWay, strings: Strings): Buffer {
  return Buffer.concat([number(1, id), tagFields(tags, strings), field(8, deltas(nodes))]);
}

function relationMessage({ id, members, tags }: TestRelation, strings: Strings): Buffer {
  const roles = members.map(({ role }) => varint(strings.index(role)));
  const types = members.map(({ type }) => varint(type === 'node' ? 0 : 1));
  return Buffer.concat([
    ...[number(1, id), tagFields(tags, strings), field(8, Buffer.concat(roles))],
    ...[field(9, deltas(members.map((member) => member.id))), field(10, Buffer.concat(types))],
  ]);
}

function tagFields(tags: Tags, strings: Strings): Buffer {
  const indices = (texts: string[]) => texts.map((text) => varint(strings.index(text)));
  return Buffer.concat([
    field(2, Buffer.concat(indices(Object.keys(tags)))),
    field(3, Buffer.concat(indices(Object.values(tags)))),
  ]);
}

function blob(type: string, content: Buffer): Buffer {
  const data = Buffer.concat([number(2, content.length), field(3, deflateSync(content))]);
  const header = Buffer.concat([field(1, Buffer.from(type)), number(3, data.length)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, data]);
}

function field(tag: number, content: Buffer): Buffer {
  return Buffer.concat([varint(tag * 8 + 2), varint(content.length), content]);
}

function number(tag: number, value: number): Buffer {
  return Buffer.concat([varint(tag * 8), varint(value)]);
}

function deltas(values: readonly number[]): Buffer {
  return Buffer.concat(
    values.map((value, index) => {
      const delta = value - (values[index - 1] ?? 0);
      return varint(delta >= 0 ? 2 * delta : -2 * delta - 1);
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
