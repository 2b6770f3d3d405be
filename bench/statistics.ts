/** The value below which so many percent of all values lie (nearest rank); NaN when there are none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** Several rounds as one cell: the median, and between which values they lie. */
export function formatRounds(values: readonly number[]): string {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return '–';
  const [low, middle, high] = [0, 50, 100].map((percent) => format(percentile(known, percent)));
  return low === high ? `${middle}` : `${middle} (${low}–${high})`;
}

/** Three figures are all that a shared machine can promise. */
function format(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-GB');
  if (value >= 1000) return Math.round(value).toLocaleString('en-GB');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
