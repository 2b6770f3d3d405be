import { describe, expect, test } from 'vitest';
import { ROAD_PROFILES } from '../road-profiles.ts';
import type { TestMap, TestNode, TestRelation } from '../testing/write-pbf.ts';
import { importMap, turnSign } from './testing/small-town.ts';
import type { ImportOptions } from './testing/small-town.ts';

/*
 *   4 --- 3        Four streets round a block, about 111 m high and 114 m wide, and whatever a test adds.
 *   |     |
 *   1 --- 2
 */
const NODES: readonly TestNode[] = [
  { id: 1, lat: 59, lng: 17 },
  { id: 2, lat: 59, lng: 17.002 },
  { id: 3, lat: 59.001, lng: 17.002 },
  { id: 4, lat: 59.001, lng: 17 },
  { id: 5, lat: 59.0005, lng: 17.001 },
];

type Tags = Readonly<Record<string, string>>;

interface BlockOptions extends ImportOptions {
  readonly south?: Tags;
  readonly nodes?: readonly TestNode[];
  readonly relations?: readonly TestRelation[];
  readonly more?: TestMap['ways'];
}

const NAMED = (name: string): Tags => ({ highway: 'residential', name });

async function importBlock(options: BlockOptions = {}) {
  const { south = {}, nodes = NODES, relations = [], more = [], ...rest } = options;
  return importMap(
    {
      nodes,
      relations,
      ways: [
        { id: 12, nodes: [1, 2], tags: { ...NAMED('South'), ...south } },
        { id: 23, nodes: [2, 3], tags: NAMED('East') },
        { id: 34, nodes: [3, 4], tags: NAMED('North') },
        { id: 41, nodes: [4, 1], tags: NAMED('West') },
        ...more,
      ],
    },
    rest,
  );
}

const WEST_END = { lat: 59, lng: 17.0005 };
const EAST_END = { lat: 59, lng: 17.0015 };
const [TRUCK, , VAN] = ROAD_PROFILES;

/** The streets from one place to another, by name. */
async function streetsOf(
  options: BlockOptions,
  from = WEST_END,
  to = EAST_END,
): Promise<string[] | undefined> {
  const { engine } = await importBlock(options);
  return engine.route([from, to])[0]?.streets.map(({ street }) => street);
}

const ROUND = ['South', 'West', 'North', 'East', 'South'];

describe('the roads of an extract', () => {
  test('are driven from the middle of one street to the middle of another', async () => {
    const { engine } = await importBlock();
    const [leg] = engine.route([WEST_END, { lat: 59.0005, lng: 17.002 }]);
    expect(leg.streets).toEqual([
      { street: 'South', metres: 86 },
      { street: 'East', metres: 56 },
    ]);
    expect(leg.line).toEqual([WEST_END, { lat: 59, lng: 17.002 }, { lat: 59.0005, lng: 17.002 }]);
    expect({ metres: leg.metres, seconds: leg.seconds }).toEqual({ metres: 142, seconds: 20 });
  });

  test('are driven within one street without a detour', async () => {
    expect(await streetsOf({})).toEqual(['South']);
    expect(await streetsOf({}, EAST_END, WEST_END)).toEqual(['South']);
  });

  test.each([
    [{ oneway: 'yes' }, ['South'], ROUND.toReversed()],
    [{ oneway: '-1' }, ROUND, ['South']],
    [{ junction: 'roundabout' }, ['South'], ROUND.toReversed()],
    [{ oneway: 'no', junction: 'roundabout' }, ['South'], ['South']],
  ])('are one-way where %o says so', async (south, there, back) => {
    expect(await streetsOf({ south })).toEqual(there);
    expect(await streetsOf({ south }, EAST_END, WEST_END)).toEqual(back);
  });

  test.each<Tags>([
    { access: 'private' },
    { motor_vehicle: 'no' },
    { access: 'yes', hgv: 'no' },
    { highway: 'footway' },
    { oneway: 'reversible' },
    { maxweight: '7.5' },
    { maxheight: '3.5 m' },
    { maxheight: `11'6"` },
    { maxwidth: '2.3' },
    { 'maxweightrating:hgv': '12' },
  ])('leave out for a truck what is signed %o', async (south) => {
    const { engine } = await importBlock({ south });
    const [leg] = engine.route([
      { lat: 59.00001, lng: 17 },
      { lat: 59.00001, lng: 17.002 },
    ]);
    expect(leg.streets.map(({ street }) => street)).toEqual(['West', 'North', 'East']);
  });

  test.each<Tags>([
    { access: 'private', hgv: 'yes' },
    { access: 'destination' },
    { maxweight: '30' },
    { maxweight: 'default' },
    { maxheight: '4' },
    { highway: 'pedestrian', motor_vehicle: 'delivery' },
    { route: 'ferry', highway: '' },
  ])('let a truck in where %o says so', async (south) => {
    expect(await streetsOf({ south })).toEqual(['South']);
  });

  test('let a van pass where a truck may not', async () => {
    const south = { maxweight: '3.5', hgv: 'no' };
    const ends = [
      { lat: 59.00001, lng: 17 },
      { lat: 59.00001, lng: 17.002 },
    ] as const;
    expect(await streetsOf({ south, profile: VAN }, ...ends)).toContain('South');
    expect(await streetsOf({ south, profile: TRUCK }, ...ends)).not.toContain('South');
  });

  test('end on both sides of a bollard, and do not at a gate that is open to all', async () => {
    const more = [{ id: 99, nodes: [1, 5, 3], tags: NAMED('Diagonal') }];
    const withTags = (tags: Tags) =>
      NODES.map((node) => (node.id === 5 ? { ...node, tags } : node));
    const [from, to] = [
      { lat: 59.0002, lng: 17.0004 },
      { lat: 59.0008, lng: 17.0016 },
    ];
    const through = (tags: Tags) => streetsOf({ more, nodes: withTags(tags) }, from, to);
    expect(await through({})).toEqual(['Diagonal']);
    expect(await through({ barrier: 'gate' })).toEqual(['Diagonal']);
    expect(await through({ barrier: 'bollard' })).toHaveLength(4);
    expect(await through({ barrier: 'gate', access: 'private' })).toHaveLength(4);
    expect(await through({ maxheight: '2.1' })).toHaveLength(4);
    expect(await through({ barrier: 'bollard', motor_vehicle: 'yes' })).toEqual(['Diagonal']);
  });

  test.each<[string, Tags, string[]]>([
    ['a sign against the turn', { restriction: 'no_left_turn' }, ROUND.slice(0, 4)],
    ['one that is for trucks', { 'restriction:hgv': 'no_left_turn' }, ROUND.slice(0, 4)],
    [
      'one that trucks are excepted from',
      { restriction: 'no_left_turn', except: 'hgv' },
      ['South', 'East'],
    ],
    ['one that is not for trucks', { 'restriction:motorcar': 'no_left_turn' }, ['South', 'East']],
  ])('heed %s', async (_, tags, streets) => {
    const relations = [turnSign(1, [12, 2, 23], tags)];
    const more = [{ id: 26, nodes: [2, 6], tags: NAMED('Stub') }];
    const nodes = [...NODES, { id: 6, lat: 59, lng: 17.01 }];
    const to = { lat: 59.0005, lng: 17.002 };
    expect(await streetsOf({ relations, more, nodes }, EAST_END, to)).toEqual(streets);
  });

  test('count the turn signs that they do not understand', async () => {
    const [sign] = [turnSign(1, [12, 2, 23], { restriction: 'no_left_turn' })];
    const overWay = {
      ...sign,
      members: [...sign.members.slice(0, 1), { type: 'way', id: 23, role: 'via' } as const],
    };
    expect((await importBlock({ relations: [overWay] })).unusedSigns).toBe(1);
    expect((await importBlock({ relations: [sign] })).unusedSigns).toBe(0);
  });

  test('stop on its own side of a wide road only', async () => {
    const south = { highway: 'secondary' };
    // North of the road: on the right of who drives west.
    const [from, to] = [
      { lat: 59.00005, lng: 17.0005 },
      { lat: 59.00005, lng: 17.0015 },
    ];
    expect(await streetsOf({ south }, to, from)).toEqual(['South']);
    // And nobody turns round at its junctions.
    expect(await streetsOf({ south }, from, to)).toEqual(ROUND);
    expect(await streetsOf({ south, drivesOnLeft: true }, from, to)).toEqual(['South']);
    expect(await streetsOf({}, from, to)).toEqual(['South']);
  });

  test('are one piece: what nothing leads to is not a place to stop', async () => {
    const nodes = [...NODES, { id: 7, lat: 59.0002, lng: 17.0008 }];
    const more = [{ id: 77, nodes: [7, 5], tags: NAMED('Island') }];
    const { engine } = await importBlock({ nodes, more });
    const [leg] = engine.route([{ lat: 59.0002, lng: 17.0008 }, EAST_END]);
    expect(leg.streets.map(({ street }) => street)).toEqual(['South']);
  });

  test('go round a loop that begins and ends at the same junction', async () => {
    const nodes = [...NODES, { id: 8, lat: 58.999, lng: 17.001 }, { id: 9, lat: 58.999, lng: 17 }];
    const more = [{ id: 88, nodes: [1, 8, 9, 1], tags: { ...NAMED('Loop'), oneway: 'yes' } }];
    const middle = { lat: 58.999, lng: 17.0005 };
    expect(await streetsOf({ nodes, more }, WEST_END, middle)).toEqual(['South', 'Loop']);
    expect(await streetsOf({ nodes, more }, middle, WEST_END)).toEqual(['Loop', 'South']);
  });

  test('join what only changes its way, and keep every point of the line', async () => {
    const nodes = [
      { id: 1, lat: 59, lng: 17 },
      { id: 2, lat: 59, lng: 17.001 },
      { id: 3, lat: 59.0003, lng: 17.002 },
      { id: 4, lat: 59, lng: 17.003 },
    ];
    const ways = [
      { id: 1, nodes: [1, 2], tags: NAMED('Long') },
      // The other way round.
      { id: 2, nodes: [3, 2], tags: NAMED('Long') },
      { id: 3, nodes: [3, 4], tags: NAMED('Long') },
    ];
    const { engine, network } = await importMap({ nodes, ways });
    expect(network.hierarchy.nodeCount).toBe(2);
    const [leg] = engine.route([nodes[3], nodes[0]]);
    expect(leg.line).toEqual(
      [nodes[3], nodes[2], nodes[1], nodes[0]].map(({ lat, lng }) => ({ lat, lng })),
    );
  });

  test('end where the extract was cut', async () => {
    const more = [{ id: 90, nodes: [3, 5, 1_000_000], tags: NAMED('Cut') }];
    expect(await streetsOf({ more }, WEST_END, { lat: 59.0006, lng: 17.0012 })).toContain('Cut');
  });

  test('have no way to a place far from all of them, and say where it is', async () => {
    const { engine } = await importBlock();
    const table = engine.table([WEST_END, { lat: 60, lng: 17 }, EAST_END]);
    const noWay = 2 ** 28;
    expect([...table.seconds]).toEqual([0, noWay, 8, noWay, 0, noWay, 8, noWay, 0]);
    expect(() => engine.route([WEST_END, { lat: 60, lng: 17 }])).toThrow(
      '60.00000,17.00000 is more than 1000 m from every road',
    );
  });

  test('need a road', async () => {
    const ways = [{ id: 1, nodes: [1, 2], tags: { highway: 'footway' } }];
    await expect(importMap({ nodes: NODES, ways })).rejects.toThrow('has no roads');
  });
});
