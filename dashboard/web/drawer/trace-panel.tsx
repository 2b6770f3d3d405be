import type { Trace } from '../../api/bins.ts';
import { ApiError } from '../live/town-api.ts';
import { usePage, useTranslation } from '../state/page-context.ts';
import type { Translation } from '../i18n/translate.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { GeometryStep } from './geometry-step.tsx';
import { LoadedPart } from './loaded-part.tsx';
import { spaceHex } from './payload-bytes.ts';
import { RawPayload } from './raw-payload.tsx';
import { Fact, Step } from './trace-step.tsx';

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

function ReadingStep({ reading }: { reading: Trace['reading'] }) {
  const translation = useTranslation();
  const { text, textOr, format } = translation;
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
        <Fact name={text('trace.sensorFault')} value={reading.sensorFault} />
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
        {Object.entries(reading.extras).map(([name, value]) => (
          <Fact
            key={name}
            name={textOr(`extras.${name}`, name)}
            value={writeExtra(value, translation)}
          />
        ))}
      </dl>
      {reading.late && <p class="callout small">{text('trace.late')}</p>}
    </Step>
  );
}

function writeExtra(
  value: Trace['reading']['extras'][string],
  { text, format }: Translation,
): string {
  if (typeof value === 'boolean') return text(value ? 'trace.yes' : 'trace.no');
  return [value].flat().map(format.exact).join('; ');
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
