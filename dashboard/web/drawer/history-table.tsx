import type { ReadingSeries } from '../../api/bins.ts';
import { usePage, useTranslation } from '../state/page-context.ts';

/** The chart's numbers, newest first. A raw reading leads to its trace. */
export function HistoryTable({ series }: { series: ReadingSeries }) {
  const { navigation, store } = usePage();
  const { text, format } = useTranslation();
  const isRaw = series.resolutionSeconds === 0;
  const nowMs = store.nowMs.peek();
  return (
    <div class="table-scroll" role="region" aria-label={text('history.title')} tabIndex={0}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{text('history.time')}</th>
            {isRaw ? (
              <th scope="col">{text('history.level')}</th>
            ) : (
              <>
                <th scope="col">{text('history.min')}</th>
                <th scope="col">{text('history.mean')}</th>
                <th scope="col">{text('history.max')}</th>
              </>
            )}
            {isRaw && (
              <th scope="col">
                <span class="visually-hidden">{text('messages.trace')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {series.buckets.toReversed().map((bucket) => {
            const time = format.shortTime(Date.parse(bucket.at), nowMs);
            const { readingId } = bucket;
            return (
              <tr key={`${bucket.at}/${readingId}`}>
                <th scope="row">{time}</th>
                {!isRaw && <td>{format.percent(bucket.min)}</td>}
                <td>{format.percent(bucket.mean)}</td>
                {!isRaw && <td>{format.percent(bucket.max)}</td>}
                {isRaw && (
                  <td>
                    {readingId !== null && (
                      <button
                        type="button"
                        class="link-button"
                        aria-label={text('messages.traceLabel', { time })}
                        onClick={() => navigation.go({ readingId })}
                      >
                        {text('messages.trace')}
                      </button>
                    )}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
