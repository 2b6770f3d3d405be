import type { Request, Router } from 'express';
import type { z } from 'zod';
import { findGeometryMistake } from '../../../domain/geometry.ts';
import { findQuarantined } from '../../../store/quarantine.ts';
import { groupQuarantine, groupQuarantineByMaker } from '../../../store/views/quarantine-groups.ts';
import { listQuarantinePage } from '../../../store/views/quarantine-list.ts';
import { AdoptRequest, ReplayRequest } from '../../api/quarantine.ts';
import type {
  QuarantinedMessage,
  QuarantineGroups,
  QuarantinePage,
  ReplayAnswer,
} from '../../api/quarantine.ts';
import type { AppParts } from '../app-parts.ts';
import { defineRoute } from '../define-route.ts';
import { GroupsQuery, QuarantineParams, QuarantineQuery } from '../inputs.ts';
import { NOTHING, parseInput } from '../parse-input.ts';
import { HttpProblem } from '../problem.ts';
import { toGroup, toMessageHead, toQuarantinedMessage } from '../quarantine/quarantine-wire.ts';
import { replaySome } from '../quarantine/replay-some.ts';
import { select } from '../quarantine/select.ts';
import { readJson } from '../read-body.ts';

const MOST_GROUPS = 1_000;

/** Messages of an adopted device that are replayed at once. */
const REPLAYED_ON_ADOPTION = 200;

/** The quarantine as a workshop, for operators: it holds the messages of strangers. */
export function addQuarantineRoutes(router: Router, parts: AppParts): void {
  const { store, access, quarantine } = parts;
  const meaningOf = (reason: string): string | null => quarantine.reasons[reason] ?? null;

  defineRoute(router, '/api/v1/quarantine', async (request, response) => {
    await access.require(request, 'operator');
    const { query } = parseInput(request, { params: NOTHING, query: QuarantineQuery });
    const { state, limit, cursor: after } = query;
    const selection = await select(parts, { ...query, deviceId: query.device });
    const page = { limit: limit + 1, after, includeResolved: state === 'all' };
    const rows = await listQuarantinePage(store, selection, page);
    const messages = rows.slice(0, limit);
    const last = rows.length > limit ? messages.at(-1) : undefined;
    response.json({
      messages: messages.map(toMessageHead),
      next: last === undefined ? null : `${last.last_received_at}~${last.id}`,
    } satisfies QuarantinePage);
  });

  defineRoute(router, '/api/v1/quarantine/groups', async (request, response) => {
    await access.require(request, 'operator');
    const { by } = parseInput(request, { params: NOTHING, query: GroupsQuery }).query;
    const groups =
      by === 'maker'
        ? await groupQuarantineByMaker(store, quarantine.guessMaker)
        : await groupQuarantine(store, by === 'device' ? 'device_id' : 'reason');
    const meaning = (key: string | null): string | null =>
      by === 'reason' && key !== null ? meaningOf(key) : null;
    response.json({
      by,
      groups: groups.slice(0, MOST_GROUPS).map((group) => toGroup(group, meaning(group.key))),
      total: groups.length,
    } satisfies QuarantineGroups);
  });

  defineRoute(router, '/api/v1/quarantine/replay', {
    post: async (request, response) => {
      const { wanted, actor } = await readRequest(request, parts, ReplayRequest);
      const answer = await replaySome({ store, quarantine, actor }, wanted);
      response.json(answer satisfies ReplayAnswer);
    },
  });

  defineRoute(router, '/api/v1/quarantine/adopt', {
    post: async (request, response) => {
      const { wanted, actor } = await readRequest(request, parts, AdoptRequest);
      response.json((await adopt(parts, wanted, actor)) satisfies ReplayAnswer);
    },
  });

  defineRoute(router, '/api/v1/quarantine/:messageId', async (request, response) => {
    await access.require(request, 'operator');
    const { params } = parseInput(request, { params: QuarantineParams, query: NOTHING });
    const row = await findQuarantined(store.db, params.messageId);
    if (row === undefined) throw new HttpProblem(404, { detail: 'There is no such message' });
    const message = toQuarantinedMessage(row, meaningOf(row.reason));
    response.json(message satisfies QuarantinedMessage);
  });
}

async function readRequest<Schema extends z.ZodType>(
  request: Request,
  { access }: AppParts,
  schema: Schema,
): Promise<{ readonly wanted: z.infer<Schema>; readonly actor: string }> {
  const { id } = await access.require(request, 'operator');
  parseInput(request, { params: NOTHING, query: NOTHING });
  return { wanted: await readJson(request, schema), actor: `api:${id}` };
}

/** Which field of the request an adoption was refused for. */
const FIELD_OF_REFUSAL: Readonly<Record<string, string>> = {
  'no-such-bin': 'binId',
  'no-such-model': 'model',
  'bad-geometry': 'geometry',
};

async function adopt(
  { quarantine }: AppParts,
  wanted: AdoptRequest,
  actor: string,
): Promise<ReplayAnswer> {
  const { deviceId, binId, model = null, geometry = null, reportIntervalSeconds = null } = wanted;
  const mistake = geometry === null ? undefined : findGeometryMistake(geometry);
  if (mistake !== undefined) throw refusal('bad-geometry', mistake);
  const adoption = { deviceId, binId, model, geometry, reportIntervalSeconds };
  const outcome = await quarantine.adopt(adoption, REPLAYED_ON_ADOPTION, actor);
  if (!outcome.ok) throw refusal(outcome.reason, outcome.detail);
  const { resolved: stored, refused, next } = outcome;
  return { stored, refused, next };
}

function refusal(reason: string, detail: string): HttpProblem {
  const field = FIELD_OF_REFUSAL[reason];
  if (field === undefined) return new HttpProblem(reason === 'never-heard' ? 404 : 409, { detail });
  const errors = [{ field, message: detail }];
  return new HttpProblem(400, { detail: 'The body has mistakes', errors });
}
