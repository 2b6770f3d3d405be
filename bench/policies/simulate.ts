import { checkPlan } from '../../planner/check/check-plan.ts';
import { estimateLevel } from '../../planner/selection/estimate-level.ts';
import type { LevelEstimate } from '../../planner/selection/estimate-level.ts';
import type { BinHistory } from '../../planner/selection/bin-history.ts';
import type { FillRate } from '../../planner/selection/fill-rate.ts';
import { learnRates } from '../../planner/selection/learn-rates.ts';
import type { BinToday, Choice, Policy } from '../../planner/selection/policy.ts';
import type { Plan } from '../../planner/problem/plan.ts';
import type { Problem } from '../../planner/problem/problem.ts';
import { BinLedger } from './bin-ledger.ts';
import { dayProblem, driveTimes, emptyingsOf } from './day-problem.ts';
import { trueRates, weekdayOfDay } from './world.ts';
import type { World } from './world.ts';

export interface SimulationOptions {
  readonly world: World;
  readonly policy: Policy;
  /** It sees the true level and knows how the bins truly fill, but not what will come. */
  readonly oracle: boolean;
  /** Plans a day's rounds; left out: no routes, everything wanted is served in the middle of the shift. */
  readonly solve?: (problem: Problem, seed: number) => Plan;
}

export interface Outcome {
  readonly km: number;
  readonly hours: number;
  readonly stops: number;
  /** Mean true level found, percent. */
  readonly fillAtEmptying: number;
  readonly overflowBinHours: number;
  /** Part of the waste that found room, percent. */
  readonly serviceLevel: number;
  readonly missedMusts: number;
  readonly days: number;
}

const HOUR_MS = 3_600_000;
/** Choices are made before the crews come. */
export const CHOICE_HOUR = 4;
const MIDDLE_OF_SHIFT = 9;
const RELEARN_DAYS = 7;
const MEMORY_DAYS = 42;
const AHEAD_DAYS = 4;

/** Lives through the world's days under a policy. The same options give the same outcome on any machine. */
export function simulate(options: SimulationOptions): Outcome {
  const { world } = options;
  const ledger = new BinLedger(world);
  for (let day = 0; day < world.warmUpDays; day += 1) {
    const served = fixedRound(world, day);
    ledger.advance(day * 24 + 24, emptyingsOf(world, served, day * 24), false);
  }
  const known = options.oracle ? trueRates(world) : undefined;
  const totals = { km: 0, hours: 0, stops: 0, missedMusts: 0 };
  let rates: FillRate[] = [];
  for (let day = world.warmUpDays; day < world.warmUpDays + world.days; day += 1) {
    ledger.advance(day * 24 + CHOICE_HOUR, [], true);
    if ((day - world.warmUpDays) % RELEARN_DAYS === 0) rates = known ?? learn(world, ledger);
    const choices = options.policy.choose(seeDay(options, ledger, rates, day));
    const driven = drive(options, choices, day);
    totals.km += driven.km;
    totals.hours += driven.hours;
    totals.stops += driven.served.size;
    totals.missedMusts += choices.filter(
      ({ id, verdict }) => verdict === 'must' && !driven.served.has(id),
    ).length;
    ledger.advance(day * 24 + 24, emptyingsOf(world, driven.served, day * 24), true);
  }
  const { thrownIn, besides, overflowBinHours, fillAtEmptying } = ledger.counts;
  return {
    ...totals,
    ...{ overflowBinHours, days: world.days },
    fillAtEmptying: fillAtEmptying.reduce((sum, level) => sum + level, 0) / fillAtEmptying.length,
    serviceLevel: 100 * (1 - besides / thrownIn),
  };
}

/** Emptyings of the fixed round before the days that count, spread over the morning. */
function fixedRound(world: World, day: number): Map<string, number> {
  const weekday = weekdayOfDay(world, day);
  const due = world.bins.filter(({ roundWeekdays }) => roundWeekdays.includes(weekday));
  return new Map(due.map(({ id }, index) => [id, 5 + (5 * index) / due.length]));
}

function historyOf({ bins }: World, ledger: BinLedger, bin: number, sinceMs: number): BinHistory {
  const { id = '', stream = '', sensor = { noisePoints: 0, stepPoints: 0 } } = bins[bin] ?? {};
  const readings = ledger.readings[bin] ?? [];
  const emptiedAtMs = ledger.emptiedAtMs[bin] ?? [];
  const first = readings.findLastIndex(({ atMs }) => atMs < sinceMs) + 1;
  return { id, group: stream, sensor, readings: readings.slice(first), emptiedAtMs };
}

function learn(world: World, ledger: BinLedger): FillRate[] {
  const sinceMs = world.startMs + (ledger.hour - MEMORY_DAYS * 24) * HOUR_MS;
  const histories = world.bins.map((_, bin) => historyOf(world, ledger, bin, sinceMs));
  return [...learnRates(histories, world.utcOffsetMs).values()];
}

/** The morning as the policy sees it. */
function seeDay(
  { world, oracle }: SimulationOptions,
  ledger: BinLedger,
  rates: readonly FillRate[],
  day: number,
): { nowMs: number; utcOffsetMs: number; bins: BinToday[] } {
  const { startMs, utcOffsetMs } = world;
  const dayMs = startMs + day * 24 * HOUR_MS;
  const nowMs = dayMs + CHOICE_HOUR * HOUR_MS;
  const weekday = weekdayOfDay(world, day);
  const opportunitiesMs = Array.from(
    { length: AHEAD_DAYS },
    (_, ahead) => dayMs + (24 * ahead + MIDDLE_OF_SHIFT) * HOUR_MS,
  );
  const bins = world.bins.flatMap(({ id, volumeLitres, roundWeekdays }, bin): BinToday[] => {
    const rate = rates[bin];
    if (rate === undefined) return [];
    const level = oracle
      ? trueLevel(ledger.levels[bin] ?? 0, nowMs)
      : estimateLevel(historyOf(world, ledger, bin, nowMs - 15 * 24 * HOUR_MS), nowMs);
    return [
      {
        ...{ id, level, rate, volumeLitres, opportunitiesMs },
        scheduled: roundWeekdays.includes(weekday),
      },
    ];
  });
  return { nowMs, utcOffsetMs, bins };
}

function trueLevel(percent: number, atMs: number): LevelEstimate {
  return { percent: Math.min(100, percent), errorPoints: 0, atMs, full: percent >= 100 };
}

interface Driven {
  readonly km: number;
  readonly hours: number;
  readonly served: ReadonlyMap<string, number>;
}

function drive(
  { world, solve }: SimulationOptions,
  choices: readonly Choice[],
  day: number,
): Driven {
  const wanted = choices.filter(({ verdict }) => verdict !== 'out');
  if (solve === undefined || wanted.length === 0) {
    return { km: 0, hours: 0, served: new Map(wanted.map(({ id }) => [id, MIDDLE_OF_SHIFT])) };
  }
  const problem = dayProblem(world, choices);
  const plan = solve(problem, world.seed * 1000 + day);
  const certificate = checkPlan(problem, plan);
  const broken = certificate.violations.find(({ kind }) => kind !== 'not-served');
  if (broken !== undefined)
    throw new Error(`Day ${day}: the plan breaks ${JSON.stringify(broken)}`);
  const { served, hours } = driveTimes(problem, plan);
  return { km: certificate.metres / 1000, hours, served };
}
