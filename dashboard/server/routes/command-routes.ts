import type { Router } from 'express';
import { actingAs } from '../../../store/database.ts';
import { cancelCommand, findCommand, listCommands } from '../../../store/commands.ts';
import { CommandOrder } from '../../api/commands.ts';
import type { Command, CommandList } from '../../api/commands.ts';
import type { AppParts } from '../app-parts.ts';
import { fromWireRequest, toCommand } from '../commands/command-wire.ts';
import { defineRoute } from '../define-route.ts';
import { CommandParams, CommandsQuery, DeviceParams } from '../inputs.ts';
import { NOTHING, parseInput } from '../parse-input.ts';
import { HttpProblem } from '../problem.ts';
import { readJson } from '../read-body.ts';

/** What devices are asked to do, for operators. */
export function addCommandRoutes(router: Router, parts: AppParts): void {
  const { store, access, orderCommand, now } = parts;

  async function read(id: string): Promise<Command> {
    const row = await findCommand(store, id);
    if (row === undefined) throw new HttpProblem(404, { detail: 'There is no such command' });
    return toCommand(row);
  }

  defineRoute(router, '/api/v1/devices/:deviceId/commands', {
    post: async (request, response) => {
      const operator = await access.require(request, 'operator');
      const { params } = parseInput(request, { params: DeviceParams, query: NOTHING });
      const { command, expiresInSeconds } = await readJson(request, CommandOrder);
      const outcome = await orderCommand({
        deviceId: params.deviceId,
        command: fromWireRequest(command),
        requestedBy: `api:${operator.id}`,
        expiresInMs: expiresInSeconds === undefined ? undefined : expiresInSeconds * 1_000,
      });
      if (!outcome.ok) throw refusal(outcome.reason, outcome.detail);
      const queued = await read(outcome.id);
      response.status(202).location(`/api/v1/commands/${queued.id}`).json(queued);
    },
  });

  defineRoute(router, '/api/v1/commands', async (request, response) => {
    await access.require(request, 'operator');
    const { query } = parseInput(request, { params: NOTHING, query: CommandsQuery });
    const { device: deviceId, state, limit } = query;
    const rows = await listCommands(store, { deviceId, state, limit });
    response.json({ commands: rows.map(toCommand) } satisfies CommandList);
  });

  defineRoute(router, '/api/v1/commands/:commandId', async (request, response) => {
    await access.require(request, 'operator');
    const { params } = parseInput(request, { params: CommandParams, query: NOTHING });
    response.json(await read(params.commandId));
  });

  defineRoute(router, '/api/v1/commands/:commandId/cancel', {
    post: async (request, response) => {
      const operator = await access.require(request, 'operator');
      const { params } = parseInput(request, { params: CommandParams, query: NOTHING });
      const acting = actingAs(store, `api:${operator.id}`);
      const result = await cancelCommand(acting, params.commandId, now());
      if (result !== 'cancelled' && result !== 'unknown') {
        const why = result === 'sending' ? 'is being sent just now' : `is ${result} already`;
        throw new HttpProblem(409, { detail: `The command ${why}, and cannot be taken back` });
      }
      response.json(await read(params.commandId));
    },
  });
}

/** What a device cannot be asked is a mistake in the request; that nobody can carry it now is not. */
function refusal(reason: string, detail: string): HttpProblem {
  if (reason === 'unknown-device') return new HttpProblem(404, { detail });
  if (reason !== 'out-of-range') return new HttpProblem(409, { detail });
  const errors = [{ field: 'command', message: detail }];
  return new HttpProblem(400, { detail: 'The body has mistakes', errors });
}
