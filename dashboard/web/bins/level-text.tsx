import { Icon, STATE_ICONS } from '../shell/icon.tsx';
import { usePage, useTranslation } from '../state/page-context.ts';
import { ageSecondsOf } from './bin-view.ts';
import type { BinView } from './bin-view.ts';

/** A level with its age, which never stand apart; the age ticks. */
export function LevelText({ view }: { view: BinView }) {
  const { store } = usePage();
  const { text, format } = useTranslation();
  const { fillPercent } = view.bin;
  const ageSeconds = ageSecondsOf(view.bin, store.nowMs.value);
  if (fillPercent === null || ageSeconds === null) {
    return <span class="level level--unknown">{text('level.none')}</span>;
  }
  return (
    <span class={view.state === 'stale' ? 'level level--stale' : 'level'}>
      <strong class="level__percent">{format.percent(fillPercent)}</strong>
      <span class="level__age">{format.age(ageSeconds)}</span>
    </span>
  );
}

/** A state in a word and a sign. */
export function StateTag({ view }: { view: BinView }) {
  const { text } = useTranslation();
  return (
    <span class={`state-tag state-tag--${view.state}`}>
      <Icon name={STATE_ICONS[view.state]} />
      {text(`state.${view.state}`)}
    </span>
  );
}
