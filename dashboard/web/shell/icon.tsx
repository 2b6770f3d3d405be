import type { BinReason, BinState } from '../../../domain/bin-state.ts';

/** Strokes on a grid of 24 by 24. */
const PATHS = {
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M15 5l-7 7 7 7',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.5 16.5L21 21',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M19 5l-1.4 1.4M6.4 17.6L5 19',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.5v.01',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  triangle: 'M12 5l8 14H4z',
  heap: 'M4 20h16M6.5 20v-6h11v6M7.5 14a4.5 4.5 0 0 1 9 0M12 3v3',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2',
  question: 'M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.01',
  alert: 'M12 4l9 16H3zM12 10v4.5M12 17.3v.01',
  battery: 'M3 8h15v8H3zM21 11v2M6 11v2',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14',
  chart: 'M4 4v16h16M7 15l4-5 3 3 5-7',
  chevron: 'M9 6l6 6-6 6',
  filter: 'M4 6h16M7 12h10M10 18h4',
  offline:
    'M4 4l16 16M8.5 16a5 5 0 0 1 5-1.2M5 12.5a10 10 0 0 1 4-2.3M19 12.5a10 10 0 0 0-5.5-2.6M12 19.5v.01',
} as const;

export type IconName = keyof typeof PATHS;

/** Each state and reason has a sign of its own, so that none rests on colour. */
export const STATE_ICONS: Record<BinState, IconName> = {
  ok: 'check',
  full: 'triangle',
  overfull: 'heap',
  stale: 'clock',
  unknown: 'question',
};

export const REASON_ICONS: Record<BinReason, IconName> = {
  overfull: 'heap',
  full: 'triangle',
  fire: 'alert',
  tilted: 'alert',
  obstructed: 'alert',
  'low-battery': 'battery',
  'bad-clock': 'clock',
  'sensor-silent': 'clock',
  'no-reading': 'question',
};

/** A sign beside words; it is hidden from screen readers, which read the words. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
