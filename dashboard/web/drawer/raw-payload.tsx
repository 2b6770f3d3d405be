import { useState } from 'preact/hooks';
import type { Trace } from '../../api/bins.ts';
import { useTranslation } from '../state/page-context.ts';
import { indentJson } from './indent-json.ts';
import { bytesFromBase64, hexDump } from './payload-bytes.ts';

/** The payload as text where it is text, and as bytes always. */
export function RawPayload({ message }: { message: Trace['message'] }) {
  const { text, plural } = useTranslation();
  const [isHex, setIsHex] = useState(message.payloadText === null);
  const bytes = bytesFromBase64(message.payloadBase64);
  const words = message.payloadText;
  return (
    <>
      <div class="panel__head">
        <span class="small muted">{plural('trace.bytes', bytes.length)}</span>
        {words !== null && (
          <div class="segments" role="group" aria-label={text('trace.payloadView')}>
            {[false, true].map((hex) => (
              <button
                key={String(hex)}
                type="button"
                class="segment"
                data-payload-view={hex ? 'hex' : 'text'}
                aria-pressed={isHex === hex}
                onClick={() => setIsHex(hex)}
              >
                {text(hex ? 'trace.asHex' : 'trace.asText')}
              </button>
            ))}
          </div>
        )}
      </div>
      <pre class="code" tabIndex={0} data-field="raw-payload">
        {isHex || words === null ? hexDump(bytes) : indentJson(words)}
      </pre>
    </>
  );
}
