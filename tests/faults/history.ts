import { appendFileSync } from 'node:fs';

/** What the harness did and heard, in order. */
export type HistoryEvent =
  /** A message is on its way. The key names it in every reader. */
  | { readonly kind: 'invoke'; readonly key: string; readonly content: string }
  /** Its PUBACK came. */
  | { readonly kind: 'ok'; readonly key: string }
  | { readonly kind: 'fault'; readonly what: string };

/** What was published, and what of it was acknowledged. The rest is open: it may be there or not. */
export class History {
  readonly invoked = new Map<string, string>();
  readonly acknowledged = new Set<string>();
  readonly #file: string | undefined;

  /** @param file gets one line for each event, for whoever looks into a failure */
  constructor(file?: string) {
    this.#file = file;
  }

  add(event: HistoryEvent): void {
    if (event.kind === 'invoke') this.invoked.set(event.key, event.content);
    if (event.kind === 'ok') this.acknowledged.add(event.key);
    if (this.#file === undefined) return;
    const at = { wallMs: Date.now(), monotonicMs: Math.round(performance.now()) };
    appendFileSync(this.#file, `${JSON.stringify({ ...at, ...event })}\n`);
  }
}

/** How far what a reader returns is from what was promised. Every list must be empty. */
export interface Findings {
  /** Acknowledged, and not there. */
  readonly lost: readonly string[];
  /** There, and never published. */
  readonly phantom: readonly string[];
  /** There, with other content. */
  readonly corrupt: readonly string[];
  /** There more than once. */
  readonly duplicate: readonly string[];
}

export const NOTHING_WRONG: Findings = { lost: [], phantom: [], corrupt: [], duplicate: [] };

/** A message as a reader gives it back. */
export interface FoundMessage {
  readonly key: string;
  readonly content: string;
}

/**
 * Compares what one reader returns with the history.
 * @param view what this reader can show of a message's content
 */
export function compare(
  history: History,
  found: readonly FoundMessage[],
  view: (content: string) => string = (content) => content,
): Findings {
  const times = new Map<string, number>();
  for (const { key } of found) times.set(key, (times.get(key) ?? 0) + 1);
  return {
    lost: [...history.acknowledged].filter((key) => !times.has(key)),
    phantom: [...times.keys()].filter((key) => !history.invoked.has(key)),
    corrupt: found
      .filter(({ key, content }) => {
        const sent = history.invoked.get(key);
        return sent !== undefined && view(sent) !== view(content);
      })
      .map(({ key }) => key),
    duplicate: [...times].filter(([, count]) => count > 1).map(([key]) => key),
  };
}
