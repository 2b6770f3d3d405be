import { useState } from 'preact/hooks';
import type { BinSummary, ReadingSeries } from '../../api/bins.ts';
import { Icon } from '../shell/icon.tsx';
import { lazyPart } from '../shell/lazy-part.tsx';
import { usePage, useTranslation } from '../state/page-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { summarise } from './chart-data.ts';
import { HISTORY_SPANS, SPAN_SECONDS } from './history-span.ts';
import type { HistorySpan } from './history-span.ts';
import { HistoryTable } from './history-table.tsx';
import { LoadedPart } from './loaded-part.tsx';

const HistoryChart = lazyPart(async () => (await import('./history-chart.tsx')).HistoryChart);

/** The fill over time, as a chart or as a table, with a sentence that says the same in words. */
export function HistoryPanel({ bin }: { bin: BinSummary }) {
  const { api, store } = usePage();
  const { text } = useTranslation();
  const [span, setSpan] = useState<HistorySpan>('24h');
  const [isTable, setIsTable] = useState(false);
  const subject = `${bin.id}/${span}`;
  const [series, retry] = useLoaded(
    subject,
    `${subject}/${bin.observedAt}/${bin.fillPercent}`,
    (signal) => {
      const { lengthSeconds, resolutionSeconds } = SPAN_SECONDS[span];
      const toMs = store.nowMs.peek();
      const fromMs = toMs - lengthSeconds * 1000;
      return api.fetchReadings(bin.id, { fromMs, toMs, resolutionSeconds }, signal);
    },
  );
  const isEmpty = series.data?.buckets.length === 0;
  return (
    <section class="panel" data-history-span={span}>
      <div class="panel__head">
        <h3>{text('history.title')}</h3>
        <div class="segments" role="group" aria-label={text('history.span')}>
          {HISTORY_SPANS.map((each) => (
            <button
              key={each}
              type="button"
              class="segment"
              data-span={each}
              aria-pressed={each === span}
              onClick={() => setSpan(each)}
            >
              {text(`history.span.${each}`)}
            </button>
          ))}
        </div>
      </div>
      <div class={isEmpty ? 'history history--empty' : 'history'}>
        <LoadedPart loaded={series} onRetry={retry}>
          {(data) => (
            <>
              <History bin={bin} series={data} isTable={isTable} />
              <MissingNote missingBefore={data.missingBefore} />
            </>
          )}
        </LoadedPart>
      </div>
      {!isEmpty && (
        <button type="button" class="link-button" onClick={() => setIsTable(!isTable)}>
          <Icon name={isTable ? 'chart' : 'table'} />
          {text(isTable ? 'history.showChart' : 'history.showTable')}
        </button>
      )}
    </section>
  );
}

/** What the chart cannot show must not look as if it had not been. */
function MissingNote({ missingBefore }: Pick<ReadingSeries, 'missingBefore'>) {
  const { text, format } = useTranslation();
  if (missingBefore === null) return null;
  const time = format.date(Date.parse(missingBefore));
  return (
    <p class="small" role="status" data-field="history-missing">
      {text('history.missing', { time })}
    </p>
  );
}

interface HistoryProps {
  readonly bin: BinSummary;
  readonly series: ReadingSeries;
  readonly isTable: boolean;
}

function History({ bin, series, isTable }: HistoryProps) {
  const { text, plural, format } = useTranslation();
  const summary = summarise(series);
  if (!summary) return <p class="part-notice muted">{text('history.empty')}</p>;
  const words = plural('history.summary', summary.count, {
    min: format.percent(summary.min),
    mean: format.percent(summary.mean),
    max: format.percent(summary.max),
  });
  return (
    <>
      {isTable ? (
        <HistoryTable series={series} />
      ) : (
        <HistoryChart
          series={series}
          thresholdPercent={bin.thresholdPercent}
          silentAfterSeconds={bin.staleAfterSeconds}
          label={text('history.chartLabel', { summary: words })}
        />
      )}
      <p class="small muted" data-field="history-summary">
        {words} {series.truncated && text('history.truncated')}
      </p>
    </>
  );
}
