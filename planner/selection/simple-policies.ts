import { alwaysMust } from './always-must.ts';
import { daysUntilFull, expectedPercent, forecastLevel } from './forecast.ts';
import { assertToday } from './policy.ts';
import type { BinToday, Choice, Policy, Reason, Today } from './policy.ts';

/** The round as it always was: bins whose day it is, full or not. */
export function fixedSchedule(): Policy {
  return rule('fixed schedule', (bin) =>
    bin.scheduled === true
      ? { due: true, reason: { kind: 'scheduled' } }
      : { due: false, reason: { kind: 'not-scheduled' } },
  );
}

/** Bins that stand at a level or above, as far as is known now. */
export function threshold(thresholdPercent: number): Policy {
  assertNumber('threshold', thresholdPercent);
  return rule(`threshold ${thresholdPercent} %`, (bin, { nowMs, utcOffsetMs }) => {
    const { mean } = forecastLevel(bin, nowMs, utcOffsetMs);
    return mean >= thresholdPercent
      ? { due: true, reason: { kind: 'above-threshold', thresholdPercent } }
      : { due: false, reason: { kind: 'below-threshold', thresholdPercent } };
  });
}

/** The `count` bins that will be full first, by their mean. */
export function soonestFull(count: number): Policy {
  assertNumber('count', count);
  return {
    name: `top ${count} soonest full`,
    choose: (today) => {
      assertToday(today);
      const days = new Map(today.bins.map((bin) => [bin.id, daysUntilFull(bin, today)]));
      // Sorting is stable: of two that are full at the same time, the first of the list.
      const order = [...days].toSorted(([, one], [, other]) => one - other);
      const chosen = new Set(order.slice(0, count).map(([id]) => id));
      return today.bins.map((bin) => {
        const fullInDays = days.get(bin.id) ?? 0;
        return chosen.has(bin.id)
          ? judge(bin, today, { due: true, reason: { kind: 'among-soonest-full', fullInDays } })
          : judge(bin, today, { due: false, reason: { kind: 'later-than-others', fullInDays } });
      });
    },
  };
}

interface Verdict {
  readonly due: boolean;
  readonly reason: Reason;
}

function rule(name: string, isDue: (bin: BinToday, today: Today) => Verdict): Policy {
  return {
    name,
    choose: (today) => {
      assertToday(today);
      return today.bins.map((bin) => judge(bin, today, isDue(bin, today)));
    },
  };
}

function judge(bin: BinToday, today: Today, { due, reason }: Verdict): Choice {
  const must = alwaysMust(bin);
  return {
    id: bin.id,
    verdict: due || must !== undefined ? 'must' : 'out',
    prize: 0,
    reason: must ?? reason,
    expectedPercent: expectedPercent(bin, today),
  };
}

function assertNumber(what: string, value: number): void {
  if (value >= 0 && value < Infinity) return;
  throw new RangeError(`Expected a ${what} of 0 or more, got ${value}`);
}
