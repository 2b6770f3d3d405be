import type { Request, Router } from 'express';
import { coversTopic } from '../../../domain/topic-prefix.ts';
import { JournalError } from '../../../journal/journal-writer.ts';
import type { Principal } from '../../../store/principals.ts';
import type { Kept } from '../../api/webhooks.ts';
import type { AppParts } from '../app-parts.ts';
import { defineRoute } from '../define-route.ts';
import { WebhookParams, WebhookQuery } from '../inputs.ts';
import { parseInput } from '../parse-input.ts';
import { HttpProblem } from '../problem.ts';
import { readBody, readMediaType } from '../read-body.ts';
import { MAX_WEBHOOK_BODY_BYTES, WebhookGate } from '../webhooks/webhook-limits.ts';

/** How long a sender that repeats waits for a journal that cannot commit, seconds. */
const RETRY_AFTER_SECONDS = '5';

/** Text of some form. Forms of a page (and so everything that a browser sends unasked), files and bytes are none. */
const MEDIA_TYPE = /^(|application\/json|application\/[\w.-]+\+json|text\/plain)$/;

/**
 * The door for network servers that call instead of publishing: takes a message as it is, and says so only when the journal
 * has it on disk. What is in it is for ingest to judge.
 */
export function addWebhookRoutes(router: Router, parts: AppParts): void {
  const { access, webhooks, metrics } = parts;
  const gate = new WebhookGate(webhooks.limits);

  async function take(request: Request): Promise<void> {
    const sender = await access.require(request, 'gateway');
    // Network servers add parameters of their own: what is not known is passed over.
    const { params, query } = parseInput(request, { params: WebhookParams, query: WebhookQuery });
    const topic = ['uplinks', params.source, ...(query.event ? [query.event] : [])].join('/');
    assertMaySend(sender, params.source, topic);
    using _place = gate.enter(sender);
    const payload = await readMessage(request);
    await keep(sender, topic, payload);
  }

  function assertMaySend(sender: Principal, source: string, topic: string): void {
    if (!webhooks.sources.includes(source)) {
      const known = webhooks.sources.join(', ');
      throw new HttpProblem(404, { detail: `There is no such source; there are ${known}` });
    }
    if (sender.prefixes.some((prefix) => coversTopic(prefix, topic))) return;
    const detail = `The prefixes of ${sender.id} do not allow it to send uplinks/${source}/#`;
    throw new HttpProblem(403, { detail });
  }

  async function keep(sender: Principal, topic: string, payload: Buffer): Promise<void> {
    const { id: principal, backfill } = sender;
    const arrival = { receivedAtMs: parts.now(), principal, topic, payload, backfill };
    try {
      await webhooks.journal.append({ ...arrival, qos: 1, messageId: null, dup: false });
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      const headers = { 'Retry-After': RETRY_AFTER_SECONDS };
      throw new HttpProblem(503, { detail: 'The message cannot be kept now', headers });
    }
  }

  defineRoute(router, '/api/v1/uplinks/:source', {
    post: async (request, response) => {
      try {
        await take(request);
      } catch (error) {
        const status = error instanceof HttpProblem ? error.status : 'error';
        metrics.webhooks.inc({ outcome: `refused-${status}` });
        throw error;
      }
      metrics.webhooks.inc({ outcome: 'kept' });
      response.json({ status: 'kept' } satisfies Kept);
    },
  });
}

async function readMessage(request: Request): Promise<Buffer> {
  const type = readMediaType(request);
  if (!MEDIA_TYPE.test(type)) {
    const detail = `Messages are taken as application/json, not as ${type.slice(0, 60)}; set the network server to JSON`;
    throw new HttpProblem(415, { detail });
  }
  const payload = await readBody(request, MAX_WEBHOOK_BODY_BYTES);
  if (payload.length === 0) throw new HttpProblem(400, { detail: 'The request has no body' });
  return payload;
}
