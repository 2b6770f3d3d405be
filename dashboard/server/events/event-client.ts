import type { Response } from 'express';

/** How long a browser waits before it connects anew, ms. */
const RETRY_MS = 2_000;

/** One open event stream. */
export class EventClient {
  readonly #response: Response;
  readonly #maxBacklogBytes: number;

  constructor(response: Response, maxBacklogBytes: number) {
    this.#response = response;
    this.#maxBacklogBytes = maxBacklogBytes;
  }

  /** Sends the headers, so that the browser knows it is connected. */
  open(): void {
    this.#response.status(200).set({
      'Content-Type': 'text/event-stream',
      // no-transform: neither we nor a proxy may compress it, which would hold events back.
      'Cache-Control': 'no-cache, no-transform',
      // nginx passes on each event as it comes.
      'X-Accel-Buffering': 'no',
    });
    this.#response.flushHeaders();
    this.#response.write(`retry: ${RETRY_MS}\n\n`);
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  /** A client that does not keep up is cut off: it comes back and gets what it missed as one event. */
  send(text: string): void {
    if (!this.isOpen) return;
    if (this.#response.writableLength > this.#maxBacklogBytes) {
      this.#response.destroy();
      return;
    }
    this.#response.write(text);
  }

  close(): void {
    this.#response.end();
  }

  /** Breaks the stream off, so that the client connects anew. */
  destroy(): void {
    this.#response.destroy();
  }
}
