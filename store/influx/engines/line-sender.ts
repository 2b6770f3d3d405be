import diagnostics from 'node:diagnostics_channel';
import http from 'node:http';
import https from 'node:https';
import { fromAnswer, fromSilence } from '../write-error.ts';
import type { Answer } from '../write-error.ts';

/** A server is given up on after this, also one that goes on sending a byte now and then; the points stay in the outbox. */
export const ANSWER_MS = 4_500;

/** What an answer says is a line; a proxy may send a page. */
const LONGEST_BODY = 16_384;

/** The connections of one engine. */
export interface LineSender {
  /** For the client's options, so that its requests are known as ours and can be broken off. */
  readonly agent: http.Agent;
  /**
   * Runs one request of the client, one at a time. Both clients hide answers that are errors, each in its own way (status, text and
   * `Retry-After` of a 5xx are gone in `influx`), so answers are read where Node tells of them.
   * Rejects with an `InfluxWriteError`.
   */
  send(request: () => Promise<void>): Promise<void>;
  close(): void;
}

/** @param answerMs how long a request may take from beginning to end */
export function createLineSender(url: URL, answerMs = ANSWER_MS): LineSender {
  const agent =
    url.protocol === 'https:'
      ? new https.Agent({ keepAlive: true })
      : new http.Agent({ keepAlive: true });
  return {
    agent,
    async send(request) {
      const watch = watchAnswers(agent);
      const { promise: late, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        reject(new Error(`no answer within ${answerMs} ms`));
        // Ends the request, which would otherwise go on for as long as the server likes.
        agent.destroy();
      }, answerMs);
      try {
        await Promise.race([request(), late]);
      } catch (error) {
        const answer = watch.answer();
        throw answer === undefined ? fromSilence(error) : fromAnswer(answer, Date.now());
      } finally {
        clearTimeout(timer);
        watch.stop();
      }
    },
    close: () => agent.destroy(),
  };
}

/** Node tells of every answer to any request here. https://nodejs.org/api/diagnostics_channel.html#http */
const CHANNEL = 'http.client.response.finish';

/** Notes the answers, other than successes, to requests of this agent. */
function watchAnswers(agent: http.Agent) {
  let seen: { readonly response: http.IncomingMessage; body: string } | undefined;
  function notice(message: unknown): void {
    // Safe: what Node publishes under this name.
    const { request, response } = message as {
      request: http.ClientRequest & { agent?: http.Agent };
      response: http.IncomingMessage;
    };
    if (request.agent !== agent || (response.statusCode ?? 0) < 300) return;
    const noted = { response, body: '' };
    seen = noted;
    response.on('data', (chunk: Buffer | string) => {
      if (noted.body.length < LONGEST_BODY) noted.body += chunk.toString();
    });
  }
  diagnostics.subscribe(CHANNEL, notice);
  return {
    answer(): Answer | undefined {
      if (seen === undefined) return undefined;
      const { response, body } = seen;
      return {
        status: response.statusCode ?? 0,
        body,
        retryAfter: response.headers['retry-after'],
      };
    },
    stop: () => diagnostics.unsubscribe(CHANNEL, notice),
  };
}
