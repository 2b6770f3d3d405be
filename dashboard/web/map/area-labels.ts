import type { BinView } from '../bins/bin-view.ts';

/** An area's name and the middle of its bins. */
export interface AreaLabel {
  readonly name: string;
  readonly lat: number;
  readonly lng: number;
  readonly count: number;
}

/** One label for each area, at the median of its bins: one bin far off does not pull the name out of town. */
export function placeAreaLabels(views: readonly BinView[]): AreaLabel[] {
  const areas = new Map<string, { lats: number[]; lngs: number[] }>();
  for (const { bin } of views) {
    if (bin.area === null) continue;
    const area = areas.get(bin.area) ?? { lats: [], lngs: [] };
    area.lats.push(bin.location.lat);
    area.lngs.push(bin.location.lng);
    areas.set(bin.area, area);
  }
  return [...areas]
    .map(([name, { lats, lngs }]) => ({
      name,
      lat: median(lats),
      lng: median(lngs),
      count: lats.length,
    }))
    .sort((a, b) => b.count - a.count);
}

function median(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
