import { setTimeout as delay } from 'node:timers/promises';
import type { History } from '../faults/history.ts';
import { chirpStackDocument } from './lorawan-documents.ts';
import type { RunningTunna } from './running-tunna.ts';
import type { Credentials } from './town-of-devices.ts';

/** Between two tries of a message that was not answered well. */
const RETRY_MS = 20;

/** Sends a document to a webhook; the status of the answer. Rejects when there is none. */
export async function callWebhook(
  tunna: RunningTunna,
  { password: token }: Credentials,
  { path, document }: { readonly path: string; readonly document: object },
): Promise<number> {
  const answer = await fetch(`${tunna.httpUrl}/api/v1/uplinks/${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(document),
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** A network server that sends frames over HTTP, one after the other, each until it is taken; notes which were. */
export class WebhookSender {
  /** The `deduplicationId` of each frame that was taken. */
  readonly taken = new Set<string>();
  /** Answers other than "taken", and requests without any. */
  failures = 0;
  readonly #tunna: RunningTunna;
  readonly #credentials: Credentials;
  readonly #name: string;
  readonly #history: History | undefined;
  readonly #running: Promise<void>;
  #next = 0;
  #stopped = false;

  /**
   * `name` is a hex digit. The frames of each sender are of another session, and so different from those of others. A history
   * gets each frame under its `deduplicationId`.
   */
  constructor(tunna: RunningTunna, credentials: Credentials, name: string, history?: History) {
    this.#tunna = tunna;
    this.#credentials = credentials;
    this.#name = name;
    this.#history = history;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const number = this.#next++;
      const deduplicationId = `${this.#name.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;
      const devAddr = this.#name.repeat(8);
      const document = { ...chirpStackDocument(), devAddr, deduplicationId, fCnt: number };
      const content = JSON.stringify(document);
      this.#history?.add({ kind: 'invoke', key: deduplicationId, content });
      while (!(await this.#isTaken(document))) {
        this.failures += 1;
        await delay(RETRY_MS);
      }
      this.#history?.add({ kind: 'ok', key: deduplicationId });
      this.taken.add(deduplicationId);
    }
  }

  async #isTaken(document: object): Promise<boolean> {
    const message = { path: 'chirpstack-v4?event=up', document };
    try {
      return (await callWebhook(this.#tunna, this.#credentials, message)) === 200;
    } catch {
      // The dashboard is gone: whether it has kept the message is not known.
      return false;
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }
}
