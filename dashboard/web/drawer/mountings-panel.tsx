import type { BinDetail } from '../../api/bins.ts';
import { usePage, useTranslation } from '../state/page-context.ts';
import type { Translation } from '../i18n/translate.ts';

type Mounting = BinDetail['mountings'][number];

/** The sensors in the bin, newest first; earlier ones are folded away. */
export function MountingsPanel({ mountings }: { mountings: readonly Mounting[] }) {
  const { text } = useTranslation();
  const [current, ...earlier] = mountings;
  return (
    <section class="panel">
      <h3>{text('mounting.title')}</h3>
      {!current && <p class="muted">{text('mounting.none')}</p>}
      {current && <MountingFacts mounting={current} />}
      {earlier.length > 0 && (
        <details class="earlier">
          <summary>{text('mounting.earlier')}</summary>
          {earlier.map((mounting) => (
            <MountingFacts key={`${mounting.deviceId}/${mounting.from}`} mounting={mounting} />
          ))}
        </details>
      )}
    </section>
  );
}

function MountingFacts({ mounting }: { mounting: Mounting }) {
  const { store } = usePage();
  const translation = useTranslation();
  const { text, format } = translation;
  const unknown = text('drawer.unknownValue');
  const { lastSeenAt, reportIntervalSeconds } = mounting;
  const lastSeen =
    lastSeenAt === null
      ? text('mounting.never')
      : format.ago((store.nowMs.value - Date.parse(lastSeenAt)) / 1000);
  return (
    <dl class="facts" data-device-id={mounting.deviceId}>
      <dt>{text('trace.device')}</dt>
      <dd>
        <code>{mounting.deviceId}</code>
      </dd>
      <dt>{text('mounting.model')}</dt>
      <dd>{mounting.model ?? unknown}</dd>
      <dt>{text('mounting.period')}</dt>
      <dd>{writePeriod(mounting, translation)}</dd>
      <dt>{text('mounting.lastSeen')}</dt>
      <dd>{lastSeen}</dd>
      <dt>{text('mounting.interval')}</dt>
      <dd>{reportIntervalSeconds === null ? unknown : format.duration(reportIntervalSeconds)}</dd>
      {mounting.emptyDistanceMm !== null && (
        <>
          <dt>{text('mounting.distances')}</dt>
          <dd>
            {[mounting.emptyDistanceMm, mounting.fullDistanceMm, mounting.blindZoneMm]
              .map((millimetres) =>
                millimetres === null ? unknown : format.millimetres(millimetres),
              )
              .join(' / ')}
          </dd>
        </>
      )}
      {mounting.shape !== null && mounting.shape !== 'prism' && (
        <>
          <dt>{text('trace.shape')}</dt>
          <dd>{text(`shape.${mounting.shape}`)}</dd>
        </>
      )}
      {mounting.recompute && (
        <>
          <dt>{text('mounting.state')}</dt>
          <dd>
            {text('mounting.recompute', {
              done: format.number(mounting.recompute.doneReadings),
              total: format.number(mounting.recompute.totalReadings),
            })}
          </dd>
        </>
      )}
    </dl>
  );
}

function writePeriod({ from, to }: Mounting, { text, format }: Translation): string {
  const start = from === null ? text('mounting.always') : format.date(Date.parse(from));
  if (to === null) return from === null ? start : text('mounting.since', { from: start });
  return text('mounting.fromTo', { from: start, to: format.date(Date.parse(to)) });
}
