import { BinGlyph } from '../bins/bin-glyph.tsx';
import { ageSecondsOf } from '../bins/bin-view.ts';
import type { BinView } from '../bins/bin-view.ts';
import { StateTag } from '../bins/level-text.tsx';
import { Icon, REASON_ICONS } from '../shell/icon.tsx';
import { usePage, useTranslation } from '../state/page-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { HistoryPanel } from './history-panel.tsx';
import { LoadedPart } from './loaded-part.tsx';
import { MessagesPanel } from './messages-panel.tsx';
import { MountingsPanel } from './mountings-panel.tsx';

/** Everything about one bin, the most urgent first. */
export function BinPanel({ view }: { view: BinView }) {
  const { api } = usePage();
  const { bin } = view;
  // The level changes without a new reading when a mounting has been corrected.
  const state = `${bin.id}/${bin.deviceId}/${bin.observedAt}/${bin.fillPercent}`;
  const [detail, retry] = useLoaded(bin.id, state, (signal) => api.fetchBin(bin.id, signal));
  return (
    <>
      <LevelPanel view={view} />
      <HistoryPanel bin={bin} />
      <FactsPanel view={view} description={detail.data?.description ?? null} />
      <LoadedPart loaded={detail} onRetry={retry}>
        {({ mountings }) => <MountingsPanel mountings={mountings} />}
      </LoadedPart>
      <MessagesPanel bin={bin} />
    </>
  );
}

function LevelPanel({ view }: { view: BinView }) {
  const { store, navigation } = usePage();
  const { text, format } = useTranslation();
  const { bin, reasons } = view;
  const ageSeconds = ageSecondsOf(bin, store.nowMs.value);
  return (
    <section class="panel level-panel" data-state={view.state}>
      <div class="level-panel__now">
        <BinGlyph view={view} />
        <div class="level-panel__words">
          <div class="level-panel__line">
            <p class="level-panel__percent" data-field="level">
              {bin.fillPercent === null ? text('level.none') : format.percent(bin.fillPercent)}
            </p>
            <StateTag view={view} />
          </div>
          <p class="level-panel__age" data-field="age">
            {ageSeconds === null
              ? text('level.neverMeasured')
              : text('level.measured', { ago: format.ago(ageSeconds) })}
          </p>
        </div>
      </div>
      {reasons.length > 0 && (
        <>
          <h3 class="visually-hidden">{text('drawer.why')}</h3>
          <ul class="reasons" data-field="reasons">
            {reasons.map((reason) => (
              <li key={reason} data-reason={reason}>
                <Icon name={REASON_ICONS[reason]} />
                {text(`reason.${reason}`)}
              </li>
            ))}
          </ul>
        </>
      )}
      {bin.readingId !== null && (
        <button
          type="button"
          class="link-button"
          data-action="trace-level"
          onClick={() => navigation.go({ readingId: bin.readingId })}
        >
          {text('drawer.traceLevel')}
        </button>
      )}
    </section>
  );
}

function FactsPanel({ view, description }: { view: BinView; description: string | null }) {
  const { text, format } = useTranslation();
  const { bin } = view;
  const unknown = text('drawer.unknownValue');
  const orUnknown = (value: number | null, write: (value: number) => string) =>
    value === null ? unknown : write(value);
  return (
    <section class="panel">
      <h3>{text('drawer.facts')}</h3>
      {description && <p>{description}</p>}
      <dl class="facts">
        <dt>{text('filter.stream')}</dt>
        <dd>{text(`stream.${bin.stream}`)}</dd>
        <dt>{text('filter.area')}</dt>
        <dd>{bin.area ?? unknown}</dd>
        <dt>{text('drawer.volume')}</dt>
        <dd>{orUnknown(bin.volumeLitres, format.litres)}</dd>
        <dt>{text('drawer.threshold')}</dt>
        <dd>{format.percent(bin.thresholdPercent)}</dd>
        <dt>{text('drawer.staleAfter')}</dt>
        <dd>{format.duration(bin.staleAfterSeconds)}</dd>
        <dt>{text('drawer.battery')}</dt>
        <dd>{orUnknown(bin.batteryPercent, format.percent)}</dd>
        <dt>{text('drawer.temperature')}</dt>
        <dd>{orUnknown(bin.temperatureC, format.celsius)}</dd>
        <dt>{text('drawer.quality')}</dt>
        <dd>{bin.quality === null ? unknown : text(`quality.${bin.quality}`)}</dd>
        <dt>{text('drawer.id')}</dt>
        <dd>
          <code>{bin.id}</code>
        </dd>
      </dl>
    </section>
  );
}
