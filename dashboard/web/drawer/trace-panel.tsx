import type { ComponentChildren } from 'preact';
import type { Trace } from '../../api/bins.ts';
import { ApiError } from '../live/town-api.ts';
import { usePage, useTranslation } from '../state/page-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { followsFormula, measuresOf, originOf } from './level-origin.ts';
import type { LevelOrigin } from './level-origin.ts';
import { LoadedPart } from './loaded-part.tsx';
import { spaceHex } from './payload-bytes.ts';
import { RawPayload } from './raw-payload.tsx';

/** From a number on the screen back to the bytes it came from, step by step. */
export function TracePanel({ readingId }: { readingId: number }) {
  const { api } = usePage();
  const { text } = useTranslation();
  const [trace, retry] = useLoaded(`trace/${readingId}`, '', (signal) =>
    api.fetchTrace(readingId, signal),
  );
  const isGone =
    trace.status === 'failed' && trace.error instanceof ApiError && trace.error.status === 404;
  if (isGone) return <p class="part-notice muted">{text('trace.notFound')}</p>;
  return (
    <LoadedPart loaded={trace} onRetry={retry}>
      {(data) => (
        <ol class="trace" data-trace-reading={readingId}>
          <ReadingStep reading={data.reading} />
          <GeometryStep trace={data} />
          <DecodingStep decoding={data.decoding} />
          <MessageStep message={data.message} />
        </ol>
      )}
    </LoadedPart>
  );
}

interface StepProps {
  readonly name: 'reading' | 'geometry' | 'decoding' | 'message';
  readonly intro: string;
  readonly children: ComponentChildren;
}

function Step({ name, intro, children }: StepProps) {
  const { text } = useTranslation();
  return (
    <li class="trace__step" data-step={name}>
      <h3>{text(`trace.step.${name}`)}</h3>
      <p class="muted small">{intro}</p>
      {children}
    </li>
  );
}

/** A row of a fact list; nothing when there is no value. */
function Fact({ name, value }: { name: string; value: ComponentChildren }) {
  if (value === null || value === undefined) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function ReadingStep({ reading }: { reading: Trace['reading'] }) {
  const { text, textOr, format } = useTranslation();
  const { fillPercent, qualityReason, alarms } = reading;
  return (
    <Step name="reading" intro={text('trace.readingIntro')}>
      <dl class="facts">
        <Fact
          name={text('trace.level')}
          value={
            <strong>
              {fillPercent === null ? text('level.none') : format.percent(fillPercent)}
            </strong>
          }
        />
        <Fact
          name={text('trace.observedAt')}
          value={format.dateTime(Date.parse(reading.observedAt))}
        />
        <Fact
          name={text('trace.receivedAt')}
          value={format.dateTime(Date.parse(reading.receivedAt))}
        />
        <Fact name={text('drawer.quality')} value={text(`quality.${reading.quality}`)} />
        <Fact
          name={text('drawer.why')}
          value={qualityReason && textOr(`qualityReason.${qualityReason}`, qualityReason)}
        />
        <Fact name={text('trace.device')} value={<code>{reading.deviceId}</code>} />
        <Fact
          name={text('drawer.temperature')}
          value={reading.temperatureC === null ? null : format.celsius(reading.temperatureC)}
        />
        <Fact name={text('drawer.battery')} value={writeBattery(reading, format)} />
        <Fact
          name={text('trace.tilted')}
          value={reading.tilted === null ? null : text(reading.tilted ? 'trace.yes' : 'trace.no')}
        />
        <Fact
          name={text('trace.alarms')}
          value={
            alarms.length === 0 ? null : alarms.map((alarm) => text(`alarm.${alarm}`)).join(', ')
          }
        />
      </dl>
      {reading.late && <p class="callout small">{text('trace.late')}</p>}
    </Step>
  );
}

function writeBattery(
  { batteryPercent, batteryV }: Trace['reading'],
  format: { percent(value: number): string; volts(value: number): string },
): string | null {
  const parts = [
    batteryPercent === null ? null : format.percent(batteryPercent),
    batteryV === null ? null : format.volts(batteryV),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

const GEOMETRY_INTROS = {
  distance: 'trace.geometryIntro',
  reported: 'trace.geometryReported',
  'no-measures': 'trace.geometryNone',
  'no-level': 'trace.geometryNoLevel',
} as const satisfies Record<LevelOrigin, string>;

function GeometryStep({ trace }: { trace: Trace }) {
  const { text, format } = useTranslation();
  const { distanceMm, reportedFillPercent, fillPercent } = trace.reading;
  const measures = measuresOf(trace.geometry);
  return (
    <Step name="geometry" intro={text(GEOMETRY_INTROS[originOf(trace)])}>
      <dl class="facts">
        <Fact
          name={text('trace.distance')}
          value={distanceMm === null ? null : format.millimetres(distanceMm)}
        />
        <Fact
          name={text('trace.reported')}
          value={reportedFillPercent === null ? null : format.percent(reportedFillPercent)}
        />
        {measures && (
          <>
            <Fact name={text('trace.empty')} value={format.millimetres(measures.emptyDistanceMm)} />
            <Fact name={text('trace.full')} value={format.millimetres(measures.fullDistanceMm)} />
            <Fact
              name={text('trace.blind')}
              value={format.millimetres(measures.blindZoneMm ?? 0)}
            />
          </>
        )}
      </dl>
      {measures && distanceMm !== null && fillPercent !== null && followsFormula(trace) && (
        <p class="formula">
          {text('trace.formula', {
            empty: format.number(measures.emptyDistanceMm),
            full: format.number(measures.fullDistanceMm),
            distance: format.number(distanceMm),
            result: format.percent(fillPercent),
          })}
        </p>
      )}
    </Step>
  );
}

function DecodingStep({ decoding }: { decoding: Trace['decoding'] }) {
  const { text } = useTranslation();
  return (
    <Step name="decoding" intro={text('trace.decodingIntro')}>
      <dl class="facts">
        <Fact name={text('trace.envelope')} value={decoding.envelope} />
        <Fact name={text('trace.model')} value={decoding.model} />
        <Fact name={text('trace.fPort')} value={decoding.fPort} />
        <Fact name={text('trace.identity')} value={<code>{decoding.identity}</code>} />
      </dl>
      {decoding.payloadHex !== null && (
        <>
          <h4>{text('trace.payloadHex')}</h4>
          <pre class="code" tabIndex={0} data-field="payload-hex">
            {spaceHex(decoding.payloadHex)}
          </pre>
        </>
      )}
    </Step>
  );
}

function MessageStep({ message }: { message: Trace['message'] }) {
  const { text, format } = useTranslation();
  return (
    <Step name="message" intro={text('trace.messageIntro')}>
      <dl class="facts">
        <Fact name={text('trace.topic')} value={<code>{message.topic}</code>} />
        <Fact
          name={text('trace.receivedAt')}
          value={format.dateTime(Date.parse(message.receivedAt))}
        />
        <Fact name={text('trace.principal')} value={message.principal} />
        <Fact name={text('trace.door')} value={message.door} />
      </dl>
      <RawPayload message={message} />
    </Step>
  );
}
