import { STATES_WORST_FIRST } from '../bins/state-style.ts';
import { useTranslation } from '../state/page-context.ts';
import { Icon, STATE_ICONS } from './icon.tsx';

/** What the signs on the map mean. */
export function Legend() {
  const { text } = useTranslation();
  return (
    <>
      <ul class="legend">
        {STATES_WORST_FIRST.map((state) => (
          <li key={state} class={`state-tag state-tag--${state}`}>
            <Icon name={STATE_ICONS[state]} />
            {text(`state.${state}`)}
          </li>
        ))}
      </ul>
      <p class="small muted">{text('map.legendFresh')}.</p>
      <p class="small muted">{text('map.legendCluster')}.</p>
    </>
  );
}
