import { styleOf } from './state-style.ts';
import type { BinView } from './bin-view.ts';

/** Inside of the drawn bin, on its grid of 32 by 36. */
const INNER_TOP = 10;
const INNER_BOTTOM = 33;

/** Id of the hatching that `GlyphPatterns` defines. */
const HATCH_ID = 'glyph-hatch';

/** Defines the hatching of stale bins once for the whole page. */
export function GlyphPatterns() {
  return (
    <svg class="glyph-patterns" aria-hidden="true" focusable="false">
      <defs>
        <pattern id={HATCH_ID} width="5" height="5" patternUnits="userSpaceOnUse">
          <rect class="glyph__stale" width="5" height="5" />
          <path class="glyph__hatch" d="M-1 6L6 -1M-1 1L1 -1M4 6L6 4" />
        </pattern>
      </defs>
    </svg>
  );
}

/** The same bin as on the map, for lists and headings. Words beside it say what it shows. */
export function BinGlyph({ view }: { view: BinView }) {
  const style = styleOf(view);
  const height = (INNER_BOTTOM - INNER_TOP) * style.level;
  const fillClass =
    style.band === null ? 'glyph__filling' : `glyph__filling glyph__band-${style.band}`;
  const fill = style.hatched ? { fill: `url(#${HATCH_ID})` } : {};
  const body = `M5 ${INNER_TOP}h22l-2 21a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2z`;
  return (
    <svg class="glyph" viewBox="0 0 32 36" aria-hidden="true" focusable="false">
      <clipPath id={`clip-${view.bin.id}`}>
        <path d={body} />
      </clipPath>
      <path class={style.unknown ? 'glyph__body glyph__body--unknown' : 'glyph__body'} d={body} />
      <rect
        class={fillClass}
        clip-path={`url(#clip-${view.bin.id})`}
        x="4"
        width="24"
        y={INNER_BOTTOM - height}
        height={height}
        {...fill}
      />
      {style.heaped && (
        <path class={`glyph__heap ${fillClass}`} d="M8 10a8 7 0 0 1 16 0z" {...fill} />
      )}
      <path
        class={style.unknown ? 'glyph__outline glyph__outline--unknown' : 'glyph__outline'}
        d={body}
      />
      <rect
        class="glyph__lid"
        x="3"
        y={style.heaped ? 0.5 : 5}
        width="26"
        height="4.5"
        rx="2"
        {...(style.heaped ? { transform: 'rotate(-12 16 3)' } : {})}
      />
      {style.unknown && (
        <text class="glyph__question" x="16" y="28" text-anchor="middle">
          ?
        </text>
      )}
    </svg>
  );
}
