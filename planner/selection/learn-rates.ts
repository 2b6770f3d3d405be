import { assertHistory } from './bin-history.ts';
import type { BinHistory } from './bin-history.ts';
import { DAY_MS, EVEN_HOURS, EVEN_WEEK, HOUR_MS, daysOfWaste, weekdayAt } from './fill-rate.ts';
import type { FillRate } from './fill-rate.ts';
import { EMPTYING_POINTS, findSpans } from './growth-spans.ts';
import type { GrowthSpan } from './growth-spans.ts';

/** Where nothing was seen. A day's waste varies so much in Edinburgh's bins. */
const USUAL_RATE: FillRate = {
  percentPerDay: 15,
  weekdayFactors: EVEN_WEEK,
  hourShares: EVEN_HOURS,
  dayVariation: 0.45,
  rateError: 0.7,
};
/** The group's mean weighs as much as so many days of a bin's own. */
const PRIOR_DAYS = 0.5;
/** The group's variation weighs as much as so many spans of a bin's own. */
const PRIOR_SPANS = 30;
/** An even day and an even week weigh as much as so many days of the group. */
const PRIOR_EVEN_DAYS = 10;
const ROUNDS = 3;
const LEAST_VARIATION = 0.15;
const MOST_VARIATION = 1.5;

interface Learner {
  readonly history: BinHistory;
  readonly spans: readonly GrowthSpan[];
  rate: FillRate;
}

/**
 * Learns how bins fill: a mean for each, week and day from its group, corrected in turns. What grew beyond full is taken as
 * at least the mean. A bin without readings fills as its group does, with a large error.
 * @throws RangeError for a history that is not in order or not of numbers.
 */
export function learnRates(
  histories: readonly BinHistory[],
  utcOffsetMs: number,
): Map<string, FillRate> {
  histories.forEach(assertHistory);
  const learners = histories.map((history) => ({
    history,
    spans: findSpans(history, utcOffsetMs),
    rate: USUAL_RATE,
  }));
  for (const group of Map.groupBy(learners, ({ history }) => history.group).values()) {
    learnGroup(group, utcOffsetMs);
  }
  return new Map(learners.map(({ history, rate }) => [history.id, rate]));
}

function learnGroup(group: readonly Learner[], utcOffsetMs: number): void {
  const hourShares = learnHours(group, utcOffsetMs);
  let weekdayFactors = EVEN_WEEK;
  for (let round = 0; round < ROUNDS; round += 1) {
    learnMeans(group, { hourShares, weekdayFactors }, utcOffsetMs, round > 0);
    weekdayFactors = learnWeek(group, utcOffsetMs);
  }
  learnMeans(group, { hourShares, weekdayFactors }, utcOffsetMs, true);
  learnVariation(group, utcOffsetMs);
}

/** Growth of a span, and its days of waste; what is hidden beyond full is taken to be as the mean has it. */
function growthOf({ rate }: Learner, span: GrowthSpan, days: number, known: boolean): number {
  if (!span.censored || !known) return span.growthPoints;
  return Math.max(span.growthPoints, rate.percentPerDay * days);
}

function learnMeans(
  group: readonly Learner[],
  shape: Pick<FillRate, 'hourShares' | 'weekdayFactors'>,
  utcOffsetMs: number,
  known: boolean,
): void {
  const seen = group.map((learner) => {
    const shaped = { ...learner.rate, ...shape };
    let [days, growth] = [0, 0];
    for (const span of learner.spans) {
      const ofSpan = daysOfWaste(shaped, span.fromMs, span.toMs, utcOffsetMs);
      days += ofSpan;
      growth += growthOf(learner, span, ofSpan, known);
    }
    return { days, growth };
  });
  const heard = seen.filter(({ days }) => days > 1);
  const means = heard.map(({ days, growth }) => growth / days);
  const groupMean =
    means.length === 0
      ? USUAL_RATE.percentPerDay
      : means.reduce((sum, mean) => sum + mean, 0) / means.length;
  group.forEach((learner, index) => {
    const { days, growth } = seen[index] ?? { days: 0, growth: 0 };
    const mean = (growth + PRIOR_DAYS * groupMean) / (days + PRIOR_DAYS);
    learner.rate = {
      ...learner.rate,
      ...shape,
      percentPerDay: Math.max(0, mean),
      rateError: Math.min(
        USUAL_RATE.rateError,
        learner.rate.dayVariation / Math.sqrt(days + PRIOR_DAYS),
      ),
    };
  });
}

/** Part of the day's waste by hour, from readings that follow each other closely. */
function learnHours(group: readonly Learner[], utcOffsetMs: number): readonly number[] {
  const growth = Array.from({ length: 24 }, () => 0);
  for (const { history } of group) {
    if (history.sensor.stepPoints >= 5) continue;
    history.readings.forEach((reading, index) => {
      const before = history.readings[index - 1];
      if (before === undefined || reading.atMs - before.atMs > 2 * HOUR_MS) return;
      const risen = reading.fillPercent - before.fillPercent;
      if (Math.abs(risen) > EMPTYING_POINTS) return;
      const middle = (reading.atMs + before.atMs) / 2 + utcOffsetMs;
      const hour = Math.floor((((middle % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS);
      growth[hour] = (growth[hour] ?? 0) + risen;
    });
  }
  const total = growth.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (total <= 0) return EVEN_HOURS;
  // So little growth says little about its hours.
  const even = 100 / 24;
  return growth.map((value) => (Math.max(0, value) + even) / (total + 100));
}

function learnWeek(group: readonly Learner[], utcOffsetMs: number): readonly number[] {
  const growth = Array.from({ length: 7 }, () => PRIOR_EVEN_DAYS);
  const expected = Array.from({ length: 7 }, () => PRIOR_EVEN_DAYS);
  for (const learner of group) {
    const { rate, spans } = learner;
    if (rate.percentPerDay <= 0) continue;
    for (const span of spans) {
      // A span of several days says nothing about one of them.
      if (span.toMs - span.fromMs > DAY_MS) continue;
      const weekday = weekdayAt((span.fromMs + span.toMs) / 2, utcOffsetMs);
      const evenWeek = { ...rate, weekdayFactors: EVEN_WEEK };
      const days = daysOfWaste(evenWeek, span.fromMs, span.toMs, utcOffsetMs);
      const ofDay = (rate.weekdayFactors[weekday] ?? 1) * days;
      const grown = growthOf(learner, span, ofDay, true) / rate.percentPerDay;
      growth[weekday] = (growth[weekday] ?? 0) + grown;
      expected[weekday] = (expected[weekday] ?? 0) + days;
    }
  }
  const factors = growth.map((value, weekday) => value / (expected[weekday] ?? 1));
  const mean = factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
  return factors.map((factor) => factor / mean);
}

/** How much a day differs from the mean, beyond what the sensor's error explains. */
function learnVariation(group: readonly Learner[], utcOffsetMs: number): void {
  const seen = group.map((learner) => {
    const { rate, spans, history } = learner;
    const noise = 2 * errorVariance(history);
    let [variance, expected, count] = [0, 0, 0];
    for (const span of spans) {
      if (span.censored) continue;
      const days = daysOfWaste(rate, span.fromMs, span.toMs, utcOffsetMs);
      const miss = span.growthPoints - rate.percentPerDay * days;
      variance += miss * miss - noise;
      expected += rate.percentPerDay ** 2 * days;
      count += 1;
    }
    return { variance, expected, count };
  });
  const all = seen.reduce((sum, { variance }) => sum + variance, 0);
  const allExpected = seen.reduce((sum, { expected }) => sum + expected, 0);
  const ofGroup = allExpected > 0 ? all / allExpected : USUAL_RATE.dayVariation ** 2;
  group.forEach((learner, index) => {
    const { variance, expected, count } = seen[index] ?? { variance: 0, expected: 0, count: 0 };
    const own = expected > 0 ? variance / expected : ofGroup;
    const squared = (count * own + PRIOR_SPANS * ofGroup) / (count + PRIOR_SPANS);
    const dayVariation = Math.min(
      MOST_VARIATION,
      Math.max(LEAST_VARIATION, Math.sqrt(Math.max(0, squared))),
    );
    const { rate } = learner;
    const rateError = Math.min(
      USUAL_RATE.rateError,
      (rate.rateError * dayVariation) / rate.dayVariation,
    );
    learner.rate = { ...rate, dayVariation, rateError };
  });
}

/** Of the level at one end of a span: of a few readings together, or of a step. */
function errorVariance({ sensor: { noisePoints, stepPoints } }: BinHistory): number {
  return (noisePoints * noisePoints) / 2 + (stepPoints * stepPoints) / 12;
}
