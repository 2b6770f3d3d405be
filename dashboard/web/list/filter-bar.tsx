import { STREAMS, isStream } from '../../../domain/stream.ts';
import { STATES_WORST_FIRST } from '../bins/state-style.ts';
import { toggleState } from '../bins/bin-filter.ts';
import type { BinFilter } from '../bins/bin-filter.ts';
import { Icon, STATE_ICONS } from '../shell/icon.tsx';
import { usePage, useTranslation } from '../state/page-context.ts';

/** Search, states with live counts, waste stream, area and order. */
export function FilterBar() {
  const { navigation } = usePage();
  const { text } = useTranslation();
  const filter = navigation.filter.value;
  const change = (part: Partial<BinFilter>) => navigation.go({ filter: { ...filter, ...part } });
  return (
    <form
      class="filters"
      role="search"
      aria-label={text('filter.label')}
      onSubmit={(event) => event.preventDefault()}
    >
      <label class="search">
        <span class="visually-hidden">{text('filter.search')}</span>
        <Icon name="search" />
        <input
          id="search"
          type="search"
          autocomplete="off"
          placeholder={text('filter.search')}
          value={filter.text}
          onInput={(event) =>
            navigation.adjust({ filter: { ...filter, text: event.currentTarget.value } })
          }
        />
      </label>
      <div class="filters__choices">
        <StatePills filter={filter} change={change} />
        <FilterSelects filter={filter} change={change} />
      </div>
    </form>
  );
}

interface FilterPartProps {
  readonly filter: BinFilter;
  readonly change: (part: Partial<BinFilter>) => void;
}

function StatePills({ filter, change }: FilterPartProps) {
  const { view } = usePage();
  const { text, format } = useTranslation();
  const counts = view.stateCounts.value;
  return (
    <div class="pills" role="group" aria-label={text('filter.state')}>
      {STATES_WORST_FIRST.map((state) => (
        <button
          key={state}
          type="button"
          class="pill"
          data-filter-state={state}
          aria-pressed={filter.states.includes(state)}
          onClick={() => change({ states: toggleState(filter.states, state) })}
        >
          <Icon name={STATE_ICONS[state]} />
          {text(`state.${state}`)}
          <span class="pill__count">{format.number(counts[state])}</span>
        </button>
      ))}
    </div>
  );
}

function FilterSelects({ filter, change }: FilterPartProps) {
  const { view } = usePage();
  const { text } = useTranslation();
  return (
    <div class="selects">
      <label class="select">
        <span class="visually-hidden">{text('filter.stream')}</span>
        <select
          id="filter-stream"
          value={filter.stream ?? ''}
          onChange={({ currentTarget: { value } }) =>
            change({ stream: isStream(value) ? value : null })
          }
        >
          <option value="">{text('filter.allStreams')}</option>
          {STREAMS.map((stream) => (
            <option key={stream} value={stream}>
              {text(`stream.${stream}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="select">
        <span class="visually-hidden">{text('filter.area')}</span>
        <select
          id="filter-area"
          value={filter.area ?? ''}
          onChange={(event) => change({ area: event.currentTarget.value || null })}
        >
          <option value="">{text('filter.allAreas')}</option>
          {view.areas.value.map((area) => (
            <option key={area} value={area}>
              {area}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
