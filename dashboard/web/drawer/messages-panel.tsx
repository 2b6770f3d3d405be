import type { BinSummary, RawMessageList } from '../../api/bins.ts';
import { usePage, useTranslation } from '../state/page-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { LoadedPart } from './loaded-part.tsx';

const MESSAGE_LIMIT = 8;
/** Longer payloads are cut here; the trace shows them whole. */
const PREVIEW_LENGTH = 90;

/** The last messages as they came in, each with the way to what was made of it. */
export function MessagesPanel({ bin }: { bin: BinSummary }) {
  const { api } = usePage();
  const { text } = useTranslation();
  const [messages, retry] = useLoaded(bin.id, `${bin.id}/${bin.observedAt}`, (signal) =>
    api.fetchMessages(bin.id, MESSAGE_LIMIT, signal),
  );
  return (
    <section class="panel">
      <h3>{text('messages.title')}</h3>
      <LoadedPart loaded={messages} onRetry={retry}>
        {(list) =>
          list.messages.length === 0 ? (
            <p class="muted">{text('messages.empty')}</p>
          ) : (
            <ul class="messages">
              {list.messages.map((message) => (
                <MessageRow key={message.uplinkId} message={message} />
              ))}
            </ul>
          )
        }
      </LoadedPart>
    </section>
  );
}

function MessageRow({ message }: { message: RawMessageList['messages'][number] }) {
  const { navigation, store } = usePage();
  const { text, format } = useTranslation();
  const time = format.shortTime(Date.parse(message.receivedAt), store.nowMs.peek());
  const preview = (message.payloadText ?? message.payloadBase64).slice(0, PREVIEW_LENGTH);
  return (
    <li class="message" data-uplink-id={message.uplinkId}>
      <div class="message__head">
        <time dateTime={message.receivedAt}>{time}</time>
        <code class="message__topic">{message.topic}</code>
      </div>
      <code class="message__payload">{preview}</code>
      {message.readingIds.map((readingId) => (
        <button
          key={readingId}
          type="button"
          class="link-button"
          data-action="trace"
          data-reading-id={readingId}
          aria-label={text('messages.traceLabel', { time })}
          onClick={() => navigation.go({ readingId })}
        >
          {text('messages.trace')}
        </button>
      ))}
      {message.kind === 'status' && <span class="small muted">{text('messages.status')}</span>}
    </li>
  );
}
