import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TestMap } from '../testing/write-pbf.ts';
import { metresOf, secondsOf } from './cost.ts';
import { importMap, turnSign } from './testing/small-town.ts';

/*
 * Random little towns, read from a PBF file, against a search over directed ways that asks the signs at each junction: another
 * model (states are ways, not nodes), with nothing merged, split, copied or contracted.
 */

const SIDE = 4;
const STEP = 0.002;
const SPEED_KMH = 25;

interface TownWay {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly oneWay: boolean;
}

interface TownSign {
  readonly fromWay: number;
  readonly via: number;
  readonly toWay: number;
  readonly isOnly: boolean;
}

interface Town {
  readonly ways: readonly TownWay[];
  readonly signs: readonly TownSign[];
}

const towns: fc.Arbitrary<Town> = fc
  .tuple(
    fc.array(fc.constantFrom('none', 'both', 'both', 'both', 'on', 'back'), {
      ...{ minLength: 2 * SIDE * (SIDE - 1), maxLength: 2 * SIDE * (SIDE - 1) },
    }),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.boolean()), { maxLength: 6 }),
  )
  .map(([kinds, picks]) => {
    const ways = gridPairs().flatMap(([one, other], index) => {
      const kind = kinds[index] ?? 'none';
      const [from, to] = kind === 'back' ? [other, one] : [one, other];
      return kind === 'none' ? [] : [{ id: 100 + index, from, to, oneWay: kind !== 'both' }];
    });
    const signs = picks.flatMap(([node, from, to, isOnly]) => {
      const via = 1 + (node % (SIDE * SIDE));
      const there = ways.filter((way) => way.from === via || way.to === via);
      const [fromWay, toWay] = [there[from % there.length], there[to % there.length]];
      if (fromWay === undefined || toWay === undefined) return [];
      return [{ fromWay: fromWay.id, via, toWay: toWay.id, isOnly }];
    });
    return { ways, signs };
  });

function gridPairs(): [number, number][] {
  const pairs: [number, number][] = [];
  for (let row = 0; row < SIDE; row += 1) {
    for (let column = 0; column < SIDE; column += 1) {
      const node = 1 + row * SIDE + column;
      if (column + 1 < SIDE) pairs.push([node, node + 1]);
      if (row + 1 < SIDE) pairs.push([node, node + SIDE]);
    }
  }
  return pairs;
}

function toMap({ ways, signs }: Town): TestMap {
  return {
    nodes: Array.from({ length: SIDE * SIDE }, (_, index) => ({
      id: index + 1,
      ...place(index + 1),
    })),
    ways: ways.map(({ id, from, to, oneWay }) => ({
      ...{ id, nodes: [from, to] },
      tags: { highway: 'residential', ...(oneWay && { oneway: 'yes' }) },
    })),
    relations: signs.map(({ fromWay, via, toWay, isOnly }, index) =>
      turnSign(index + 1, [fromWay, via, toWay], { restriction: isOnly ? 'only_x' : 'no_x' }),
    ),
  };
}

/** Not quite a grid: no two ways are of the same length. */
function place(node: number): { lat: number; lng: number } {
  const [row, column] = [Math.floor((node - 1) / SIDE), (node - 1) % SIDE];
  const lat = 59 + row * STEP + ((node * 37) % 11) * STEP * 0.03;
  return { lat, lng: 17 + column * STEP * 2 + ((node * 53) % 13) * STEP * 0.05 };
}

function middle({ from, to }: TownWay): { lat: number; lng: number } {
  const [one, other] = [place(from), place(to)];
  return { lat: (one.lat + other.lat) / 2, lng: (one.lng + other.lng) / 2 };
}

function metres({ from, to }: TownWay): number {
  const [one, other] = [place(from), place(to)];
  const perLng = Math.cos((59.003 * Math.PI) / 180);
  return 111_195 * Math.hypot(other.lat - one.lat, (other.lng - one.lng) * perLng);
}

interface Driven {
  readonly way: TownWay;
  /** The node it leads to. */
  readonly end: number;
}

/** Metres from the middle of a way to the middle of every other, by signs. */
function driveFrom(town: Town, start: TownWay, isOpen: (driven: Driven) => boolean) {
  const best = new Map<string, number>();
  const open: { driven: Driven; cost: number }[] = directions(start)
    .filter(isOpen)
    .map((driven) => ({ driven, cost: metres(start) / 2 }));
  const reached = new Map<number, number>([[start.id, 0]]);
  for (;;) {
    open.sort((one, other) => other.cost - one.cost);
    const next = open.pop();
    if (next === undefined) return reached;
    if ((best.get(key(next.driven)) ?? Infinity) <= next.cost) continue;
    best.set(key(next.driven), next.cost);
    for (const onward of followers(town, next.driven).filter(isOpen)) {
      const half = next.cost + metres(onward.way) / 2;
      const known = reached.get(onward.way.id) ?? Infinity;
      reached.set(onward.way.id, Math.min(known, half));
      open.push({ driven: onward, cost: next.cost + metres(onward.way) });
    }
  }
}

function key({ way, end }: Driven): string {
  return `${way.id} ${end}`;
}

/** All that can be driven into from some place. */
function reachedFrom(town: Town, start: Driven): Set<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let driven = open.pop(); driven !== undefined; driven = open.pop()) {
    for (const next of followers(town, driven)) {
      if (reached.has(key(next))) continue;
      reached.add(key(next));
      open.push(next);
    }
  }
  return reached;
}

/** The set, all reached from one another, that has most of some ways: nobody drives into a trap. */
function connectedPart(town: Town, ways: readonly TownWay[]): Set<string> {
  const all = town.ways.flatMap(directions);
  const reach = new Map(all.map((driven) => [key(driven), reachedFrom(town, driven)]));
  const isBetween = (one: string, other: string): boolean => reach.get(one)?.has(other) === true;
  const keys = all.map(key);
  const parts = keys.map((one) =>
    keys.filter((other) => isBetween(one, other) && isBetween(other, one)),
  );
  const ids = new Set(ways.map(({ id }) => String(id)));
  const overlap = (part: readonly string[]): number =>
    part.filter((one) => ids.has(one.split(' ')[0] ?? '')).length;
  return new Set(parts.toSorted((one, other) => overlap(other) - overlap(one))[0]);
}

function directions(way: TownWay): Driven[] {
  return [{ way, end: way.to }, ...(way.oneWay ? [] : [{ way, end: way.from }])];
}

function followers({ ways, signs }: Town, { way, end }: Driven): Driven[] {
  const here = signs.filter((sign) => sign.fromWay === way.id && sign.via === end);
  const only = here.filter((sign) => sign.isOnly);
  const there = ways.filter((each) => each.from === end || each.to === end);
  // A point where the road only goes on is no place to turn round.
  const goesOn =
    there.length === 2 &&
    there.every((each) => !each.oneWay) &&
    signs.every((sign) => sign.via !== end);
  return ways.flatMap(directions).filter(({ way: next, end: nextEnd }) => {
    const start = nextEnd === next.to ? next.from : next.to;
    if (start !== end) return false;
    // Nor is a junction with a sign about the way one comes by.
    if ((goesOn || here.length > 0) && next.id === way.id) return false;
    if (here.some((sign) => !sign.isOnly && sign.toWay === next.id)) return false;
    return only.length === 0 || only.some((sign) => sign.toWay === next.id);
  });
}

test('one-way streets and turn signs hold in any little town', { timeout: 120_000 }, async () => {
  let compared = 0;
  let bound = 0;
  await fc.assert(
    fc.asyncProperty(towns, async (town) => {
      const imported = await importMap(toMap(town)).catch(() => undefined);
      if (imported === undefined) return;
      const { engine } = imported;
      // What is no part of the connected roads is snapped to another street.
      const ways = town.ways.filter((way) => (engine.snap(middle(way))?.metres ?? 9) < 0.5);
      const costs = engine.costs(ways.map((way) => engine.snap(middle(way))));
      const unsigned = { ...town, signs: [] };
      const part = connectedPart(town, ways);
      const isOpen = (driven: Driven): boolean => part.has(key(driven));
      ways.forEach((from, row) => {
        const reached = driveFrom(town, from, isOpen);
        const free = driveFrom(unsigned, from, isOpen);
        ways.forEach((to, column) => {
          const cost = costs[row * ways.length + column];
          const expected = reached.get(to.id) ?? Infinity;
          const tolerance = 1 + expected / 500;
          expect(Math.abs(metresOf(cost) - expected)).toBeLessThan(tolerance);
          const seconds = (expected / SPEED_KMH) * 3.6;
          expect(Math.abs(secondsOf(cost) - seconds)).toBeLessThan(1 + seconds / 500);
          compared += 1;
          if (expected !== free.get(to.id)) bound += 1;
        });
      });
    }),
    { numRuns: 40 },
  );
  // Else it would have compared nothing, or only what signs do not touch.
  expect(compared).toBeGreaterThan(1000);
  expect(bound).toBeGreaterThan(20);
});
