const STEP = 20;
const FULL = 100;

/**
 * How a bin must have filled, percent a day, to be reported so, day by day in steps of 20 points; `undefined`: no report. A rise is spread over
 * the days since the one before it. What comes between the last rise and the emptying, or beyond full, is not to be seen: the bin's mean is
 * taken, as far as no further step is reached.
 */
export function growthFromSteps(levels: readonly (number | undefined)[]): number[] {
  const growth = levels.map(() => 0);
  const unseen: [from: number, to: number, most: number][] = [];
  let [since, last] = [0, levels.find((level) => level !== undefined) ?? 0];
  let risen = 0;
  levels.forEach((level, day) => {
    if (level === undefined || level === last) return;
    if (level > last) {
      growth.fill((level - last) / (day - since), since, day);
      risen += level - last;
    } else {
      unseen.push([since, day, last >= FULL ? Infinity : STEP - 1]);
    }
    [since, last] = [day, level];
  });
  unseen.push([since, levels.length, last >= FULL ? Infinity : STEP - 1]);
  const hidden = unseen.reduce((sum, [from, to]) => sum + to - from, 0);
  const mean = risen / Math.max(1, levels.length - hidden);
  for (const [from, to, most] of unseen) {
    growth.fill(Math.min(mean, most / Math.max(1, to - from)), from, to);
  }
  return growth;
}
