import type { ComponentChildren } from 'preact';
import { NO_FILTER, isFiltering } from '../bins/bin-filter.ts';
import { BIN_SORTS } from '../bins/bin-sort.ts';
import { usePage, useTranslation } from '../state/page-context.ts';
import { BinList } from './bin-list.tsx';

const SKELETON_ROWS = [1, 2, 3, 4, 5, 6] as const;

/** The list, or what stands in its place while there is nothing to list. */
export function ListOrNotice() {
  const { store, view, navigation, reload } = usePage();
  const { text, plural } = useTranslation();
  const total = store.views.value.length;
  if (view.shown.value.length > 0) return <BinList />;
  if (total > 0) {
    return (
      <Notice title={text('list.noMatchTitle')} words={plural('list.noMatchText', total)}>
        <button
          type="button"
          class="button button--primary"
          data-action="clear-filter"
          onClick={() => navigation.go({ filter: NO_FILTER })}
        >
          {text('list.clearFilter')}
        </button>
      </Notice>
    );
  }
  if (store.phase.value === 'loading') return <Skeleton />;
  if (store.phase.value === 'failed') {
    return (
      <Notice title={text('list.failedTitle')} words={text('list.failedText')}>
        <button type="button" class="button button--primary" data-action="retry" onClick={reload}>
          {text('list.retry')}
        </button>
      </Notice>
    );
  }
  return <Notice title={text('list.emptyTitle')} words={text('list.emptyText')} />;
}

interface NoticeProps {
  readonly title: string;
  readonly words: string;
  readonly children?: ComponentChildren;
}

function Notice({ title, words, children }: NoticeProps) {
  return (
    <div class="notice" id="bin-list" tabIndex={-1} role="status">
      <h2 class="notice__title">{title}</h2>
      <p class="muted">{words}</p>
      {children}
    </div>
  );
}

function Skeleton() {
  const { text } = useTranslation();
  return (
    <div class="skeleton" id="bin-list" tabIndex={-1} role="status">
      <span class="visually-hidden">{text('list.loading')}</span>
      {SKELETON_ROWS.map((row) => (
        <div key={row} class="skeleton__row" />
      ))}
    </div>
  );
}

/** How many bins are listed, and a way out of the filter. */
export function ListCount() {
  const { store, view, navigation } = usePage();
  const { text, plural, format } = useTranslation();
  const total = store.views.value.length;
  const shown = view.shown.value.length;
  if (total === 0) return null;
  return (
    <div class="list-count small">
      <p class="muted" aria-live="polite">
        {plural('list.showing', total, { shown: format.number(shown) })}
      </p>
      {shown > 0 && isFiltering(navigation.filter.value) && (
        <button
          type="button"
          class="link-button"
          aria-label={text('list.clearFilter')}
          onClick={() => navigation.go({ filter: NO_FILTER })}
        >
          {text('list.clearShort')}
        </button>
      )}
      {shown > 0 && <SortSelect />}
    </div>
  );
}

function SortSelect() {
  const { navigation } = usePage();
  const { text } = useTranslation();
  return (
    <label class="select select--sort">
      <span class="visually-hidden">{text('list.sort')}</span>
      <select
        id="sort"
        value={navigation.state.value.sort}
        onChange={({ currentTarget: { value } }) =>
          navigation.go({ sort: BIN_SORTS.find((sort) => sort === value) ?? 'urgency' })
        }
      >
        {BIN_SORTS.map((sort) => (
          <option key={sort} value={sort}>
            {text(`sort.${sort}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
