import fc from 'fast-check';
import type { RawArrival } from '../../store/quarantine.ts';
import { chirpStackUp, thingsStackUp } from './network-documents.ts';
import { arrival } from './sample-town.ts';
import { DECISION_NAMES, NEWCOMER, STORY_NOW_MS } from './town-story.ts';
import type { Decision, Step } from './town-story.ts';

const MINUTE_MS = 60_000;
/** Further apart than redeliveries come, so that it is certain which message is one of which. */
const SLOT_MS = 40 * MINUTE_MS;

const MOST_MESSAGES = 9;
const MOST_WAYS = 3;
const MOST_AGAIN = 8;
const MOST_SEEN = MOST_MESSAGES * (MOST_WAYS * 2 + 1) + MOST_AGAIN;

type Place = Pick<
  RawArrival,
  'door' | 'principal' | 'backfill' | 'qos' | 'messageId' | 'dup' | 'receivedAtMs'
>;
interface Written {
  readonly topic: string;
  readonly payload: string | object;
}

const ownDevice = fc.constantFrom('dev-1', NEWCOMER, NEWCOMER, 'nobody');
const minutes = (min: number, max: number) =>
  fc.integer({ min, max }).map((count) => count * MINUTE_MS);

/** Right, late and fast clocks; few different times, so that many fall together. */
const observedAt = fc.oneof(
  fc.constantFrom(-60, -30, 0, 30).map((offset) => STORY_NOW_MS + offset * MINUTE_MS),
  fc.constantFrom(-3 * 24 * 60, 40, 100).map((offset) => STORY_NOW_MS + offset * MINUTE_MS),
);

/** A message as it is written in one of two variants, which say the same of the sensor. */
type Message = (variant: number) => Written;

const ownMessage: fc.Arbitrary<Message> = fc
  .record({
    device: ownDevice,
    observedAt,
    level: fc.oneof(
      fc.constantFrom(-10, 30, 60, 110, 230).map((fillPercent) => ({ fillPercent })),
      fc.constantFrom(0, 20, 300, 700, 1240, 1300).map((distanceMm) => ({ distanceMm })),
    ),
    counter: fc.option(fc.constantFrom({ boot: 1, seq: 0 }, { boot: 'b', seq: 0 })),
    more: fc.record(
      {
        batteryPercent: fc.constantFrom(5, 50),
        batteryV: fc.constantFrom(3, 3.6),
        tilted: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ device, observedAt: at, level, counter, more }) => () => ({
    topic: `bins/${device}/up`,
    payload: { observedAt: at, ...level, ...counter, ...more },
  }));

const radioMessage: fc.Arbitrary<Message> = fc
  .record({
    write: fc.constantFrom(chirpStackUp, thingsStackUp),
    counter: fc.constantFrom(0, 1),
    distanceMm: fc.constantFrom(0, 150, 300, 700, 1100, 1400, 9999, 65_535),
    port: fc.constantFrom(undefined, undefined, 99),
    heardAtMs: minutes(-1, 2).map((offsetMs) => STORY_NOW_MS + 15 * offsetMs),
  })
  .map(
    ({ write, ...frame }) =>
      (variant) =>
        write({ ...frame, variant }),
  );

const unreadable: fc.Arbitrary<Message> = fc
  .record({
    topic: fc.constantFrom('bins/dev-1/up', 'somewhere/else', 'application/x/device/y/event/up'),
    payload: fc.constantFrom('', 'garbage', '{"fillPercent":"50"}', '[]', '{"fillPercent":1e999}'),
  })
  .map((written) => () => written);

const place: fc.Arbitrary<Place> = fc.record({
  door: fc.constantFrom('mqtt', 'http'),
  principal: fc.constantFrom(null, 'gw', 'dev-1'),
  backfill: fc.nat(4).map((chance) => chance === 0),
  qos: fc.constantFrom(0, 1),
  messageId: fc.constantFrom(null, 1, 2),
  dup: fc.boolean(),
  receivedAtMs: minutes(0, 90).map((offsetMs) => STORY_NOW_MS + offsetMs),
});

/** One message with a time or a number of its own, and the ways in which it came. */
const known = fc
  .record({
    message: fc.oneof(
      { arbitrary: ownMessage, weight: 4 },
      { arbitrary: radioMessage, weight: 3 },
      { arbitrary: unreadable, weight: 1 },
    ),
    ways: fc.array(fc.tuple(place, fc.constantFrom(0, 1)), {
      minLength: 1,
      maxLength: MOST_WAYS,
    }),
  })
  .map(({ message, ways }) => ways.map(([came, variant]) => ({ ...message(variant), ...came })));

const redelivery = fc.record({
  afterMs: minutes(0, 9),
  dup: fc.boolean(),
  door: fc.constantFrom('mqtt', 'http'),
});

/** The same words at several times, by a sensor that says no time or a useless one, each with its redeliveries in the minutes after. */
const timeless = fc
  .record({
    device: ownDevice,
    fillPercent: fc.constantFrom(10, 20, 300),
    clock: fc.constantFrom(undefined, '1970-01-01T00:00:07Z', '2000-01-01T00:10:00Z'),
    backfilled: fc.boolean(),
    messageId: fc.constantFrom(1, 2),
    times: fc.uniqueArray(
      fc.record({ slot: fc.integer({ min: 0, max: 2 }), again: fc.option(redelivery) }),
      { minLength: 1, maxLength: MOST_WAYS, selector: ({ slot }) => slot },
    ),
  })
  .map(({ device, fillPercent, clock, backfilled, messageId, times }) => {
    const payload = { fillPercent, ...(clock !== undefined && { observedAt: clock }) };
    const message = { topic: `bins/${device}/up`, payload, messageId };
    // Whoever may backfill is believed that it is so old: another reading, with a time of its own.
    const believed = { ...message, backfill: true, dup: true, receivedAtMs: STORY_NOW_MS };
    const live = times.flatMap(({ slot, again }) => {
      const receivedAtMs = STORY_NOW_MS + slot * SLOT_MS;
      const first = { ...message, door: 'mqtt', receivedAtMs };
      if (again === null) return [first];
      const { afterMs, ...next } = again;
      return [first, { ...message, ...next, receivedAtMs: receivedAtMs + afterMs }];
    });
    return backfilled && clock !== undefined ? [...live, believed] : live;
  });

/** Everything that happens in a story, and two ways through it: one in order, one in any other, with much seen twice. */
export interface TwoWays {
  readonly straight: readonly Step[];
  readonly crooked: readonly Step[];
  /** How many arrivals there are on each way. */
  readonly straightCount: number;
  readonly crookedCount: number;
}

export const twoWays: fc.Arbitrary<TwoWays> = fc
  .record({
    messages: fc.array(
      fc.oneof({ arbitrary: known, weight: 4 }, { arbitrary: timeless, weight: 1 }),
      { minLength: 1, maxLength: MOST_MESSAGES },
    ),
    decisions: fc.subarray([...DECISION_NAMES]),
  })
  .chain(({ messages, decisions }) => {
    const arrivals = messages.flat().map((one) => arrival(one));
    /** Part of the way. */
    const moment = fc.integer({ min: 0, max: 99 }).map((percent) => percent / 100);
    const key = fc.integer({ min: 0, max: 1_000_000 });
    return fc.record({
      arrivals: fc.constant(arrivals),
      decisions: fc.constant(decisions),
      again: fc.array(fc.nat(arrivals.length - 1), { maxLength: MOST_AGAIN }),
      keys: fc.array(key, { minLength: MOST_SEEN, maxLength: MOST_SEEN }),
      sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
      decideAt: fc.array(moment, {
        minLength: decisions.length,
        maxLength: decisions.length,
      }),
      replayAt: fc.array(moment, { maxLength: 2 }),
    });
  })
  .map(({ arrivals, decisions, again, keys, sizes, decideAt, replayAt }) => {
    const seen = [...arrivals, ...again.flatMap((index) => arrivals[index] ?? [])]
      .map((one, index) => ({ one, key: keys[index] ?? 0 }))
      .sort((a, b) => a.key - b.key)
      .map(({ one }) => one);
    const batches = inBatches(seen, sizes);
    return {
      straight: [...decisions.map(decide), { kind: 'arrive', arrivals }],
      crooked: interleave(batches, decisions, decideAt, replayAt),
      straightCount: arrivals.length,
      crookedCount: seen.length,
    };
  });

function decide(decision: Decision): Step {
  return { kind: 'decide', decision };
}

function inBatches(arrivals: readonly RawArrival[], sizes: readonly number[]): Step[] {
  const batches: Step[] = [];
  for (let start = 0; start < arrivals.length;) {
    const end = start + (sizes[batches.length % sizes.length] ?? 1);
    batches.push({ kind: 'arrive', arrivals: arrivals.slice(start, end) });
    start = end;
  }
  return batches;
}

function interleave(
  batches: readonly Step[],
  decisions: readonly Decision[],
  decideAt: readonly number[],
  replayAt: readonly number[],
): Step[] {
  const toBatch = (moment: number): number => Math.floor(moment * (batches.length + 1));
  const places = decideAt.map(toBatch).sort((a, b) => a - b);
  const replays = new Set(replayAt.map(toBatch));
  const steps: Step[] = [];
  let decided = 0;
  const decideBefore = (batch: number): void => {
    while (decided < decisions.length && (places[decided] ?? 0) <= batch) {
      const decision = decisions[decided++];
      if (decision !== undefined) steps.push(decide(decision));
    }
  };
  for (const [index, batch] of batches.entries()) {
    decideBefore(index);
    if (replays.has(index)) steps.push({ kind: 'replay' });
    steps.push(batch);
  }
  decideBefore(Number.POSITIVE_INFINITY);
  return steps;
}
