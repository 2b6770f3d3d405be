import { once } from 'node:events';
import http from 'node:http';
import { vi } from 'vitest';

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

export interface EventFollower extends AsyncDisposable {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** All events so far. */
  readonly events: readonly ReceivedEvent[];
  /** Everything that came, as it came. */
  readonly raw: () => string;
  readonly isEnded: () => boolean;
  /** Waits for so many events of a type and returns them. */
  wait(type: string, count?: number): Promise<readonly ReceivedEvent[]>;
  pause(): void;
  resume(): void;
}

/** Opens an event stream and reads it as a browser does (HTML standard 9.2.6). */
export async function followEvents(
  port: number,
  init: { readonly query?: string; readonly headers?: http.OutgoingHttpHeaders } = {},
): Promise<EventFollower> {
  const path = `/api/v1/events${init.query ?? ''}`;
  const request = http.get({ port, path, host: '127.0.0.1', agent: false, headers: init.headers });
  // Safe: the event has the response as its only argument.
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  request.on('error', () => {});
  response.on('error', () => {});
  let isEnded = false;
  response.on('close', () => {
    isEnded = true;
  });
  let text = '';
  let read = 0;
  const events: ReceivedEvent[] = [];
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n\n', read); end >= 0; end = text.indexOf('\n\n', read)) {
      const event = parseEvent(text.slice(read, end));
      read = end + 2;
      if (event !== undefined) events.push(event);
    }
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    raw: () => text,
    isEnded: () => isEnded,
    wait: (type, count = 1) =>
      vi.waitUntil(
        () => {
          const found = events.filter((event) => event.type === type);
          return found.length >= count ? found : undefined;
        },
        { timeout: 10_000, interval: 10 },
      ),
    pause: () => response.pause(),
    resume: () => response.resume(),
    async [Symbol.asyncDispose]() {
      request.destroy();
      await vi.waitUntil(() => isEnded);
    },
  };
}

function parseEvent(block: string): ReceivedEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const type = fields.get('event');
  if (type === undefined) return undefined;
  return { id: fields.get('id') ?? '', type, data: JSON.parse(fields.get('data') ?? '') };
}
