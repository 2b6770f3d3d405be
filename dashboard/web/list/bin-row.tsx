import { BinGlyph } from '../bins/bin-glyph.tsx';
import { LevelText, StateTag } from '../bins/level-text.tsx';
import type { BinView } from '../bins/bin-view.ts';
import { REASON_ICONS, Icon } from '../shell/icon.tsx';
import { usePage, useTranslation } from '../state/page-context.ts';

interface BinRowProps {
  readonly view: BinView;
  readonly index: number;
  readonly count: number;
  readonly rowHeight: number;
  readonly isActive: boolean;
  readonly onChoose: (binId: string) => void;
}

/** Reasons that the state's own word does not tell. */
const TOLD_BY_STATE = new Set(['overfull', 'full', 'sensor-silent', 'no-reading']);

/** Id of a row in the document, for `aria-activedescendant`. */
export function rowId(binId: string): string {
  return `row-${binId}`;
}

/** One bin of the list. */
export function BinRow({ view, index, count, rowHeight, isActive, onChoose }: BinRowProps) {
  const { navigation, view: town } = usePage();
  const { text } = useTranslation();
  const { bin } = view;
  const isSelected = navigation.binId.value === bin.id;
  const isHovered = town.hoveredId.value === bin.id;
  const extra = view.reasons.find((reason) => !TOLD_BY_STATE.has(reason));
  const place = [text(`stream.${bin.stream}`), bin.area].filter(Boolean).join(' · ');
  const classes = ['row'];
  if (isSelected) classes.push('row--selected');
  if (isHovered) classes.push('row--hovered');
  if (isActive) classes.push('row--active');
  return (
    <div
      id={rowId(bin.id)}
      role="option"
      class={classes.join(' ')}
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={count}
      data-bin-id={bin.id}
      data-state={view.state}
      ref={(element) => {
        if (element) element.style.transform = `translateY(${index * rowHeight}px)`;
      }}
      onClick={() => onChoose(bin.id)}
      onMouseEnter={() => (town.hoveredId.value = bin.id)}
    >
      <BinGlyph view={view} />
      <span class="row__main">
        <span class="row__name">{bin.name}</span>
        <span class="row__place">{place}</span>
        <span class="row__state">
          <StateTag view={view} />
          {extra && (
            <span class="row__reason">
              <Icon name={REASON_ICONS[extra]} />
              {text(`reason.${extra}`)}
            </span>
          )}
        </span>
      </span>
      <LevelText view={view} />
    </div>
  );
}
