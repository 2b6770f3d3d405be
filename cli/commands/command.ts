import { randomUUID } from 'node:crypto';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { COMMAND_STATES } from '../../domain/command.ts';
import type { CommandState } from '../../domain/command.ts';
import type { DeviceId } from '../../domain/ids.ts';
import { planCommand, requestCommand } from '../../ingest/commands/request-command.ts';
import { cancelCommand, findCommand, listCommands } from '../../store/commands.ts';
import { deviceIdArgument, wholeArgument } from '../arguments.ts';
import { describeCommand, describeDraft, toJson } from '../registry/describe-command.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';
import { formatTable, formatTime, print, printJson } from '../print.ts';
import { whoAmI } from '../who-am-i.ts';
import { SETTABLE_HELP, toCommandRequest } from '../registry/command-request.ts';

const DEFAULT_LIMIT = 50;
const MOST_LISTED = 10_000;

export function addCommandCommand(program: Command): void {
  const command = program
    .command('command')
    .description('what devices are asked to do, and what became of it');
  addSend(command);
  addList(command);
  command
    .command('show')
    .description('one command: its message, its state and when each thing happened')
    .argument('<id>', 'its id')
    .option('--json', 'as JSON')
    .action(show);
  command
    .command('cancel')
    .description('take back a command that has not been sent')
    .argument('<id>', 'its id')
    .action(cancel);
}

interface SendOptions {
  readonly fport?: number;
  readonly expires?: number;
  readonly dryRun?: true;
  readonly json?: true;
}

function addSend(command: Command): void {
  command
    .command('send')
    .description('ask a device to do something')
    .argument('<device>', 'its id', deviceIdArgument)
    .argument('<what>', 'what to do, see below')
    .argument('<value>', 'the value, in the unit below')
    .option('--fport <port>', 'raw: LoRaWAN application port', wholeArgument(1, 223))
    .option('--expires <time>', 'give up after this time, such as 90m, 48h or 7d', durationArgument)
    .option('--dry-run', 'only print what would be sent')
    .option('--json', 'as JSON')
    .addHelpText('after', SETTABLE_HELP)
    .action(send);
}

async function send(
  deviceId: DeviceId,
  what: string,
  value: string,
  options: SendOptions,
): Promise<void> {
  const { fport: fPort, expires: expiresInMs } = options;
  const request = toCommandRequest({ what, value, fPort });
  const order = { deviceId, command: request, requestedBy: whoAmI(), expiresInMs };
  const context = { id: randomUUID(), nowMs: Date.now() };
  const result = await withStore(loadSettings().settings, (store) =>
    options.dryRun === true
      ? planCommand(store, order, context)
      : requestCommand(store, order, context),
  );
  if (!result.ok) throw new Refusal(EXIT.failure, result.detail);
  const described = describeDraft(result.draft);
  if (options.json) return printJson(toJson(described));
  if (options.dryRun) return print(formatTable(['FIELD', 'VALUE'], Object.entries(described)));
  print(`${result.draft.id} waits for ${deviceId}; "tunna command show" tells what becomes of it`);
}

function addList(command: Command): void {
  command
    .command('list')
    .description('commands, newest first')
    .option('--device <id>', 'only of this device', deviceIdArgument)
    .option('--state <state>', `only ${COMMAND_STATES.join(', ')}`, stateArgument)
    .option('--limit <count>', 'at most so many', wholeArgument(1, MOST_LISTED), DEFAULT_LIMIT)
    .option('--json', 'as JSON')
    .action(list);
}

async function list(options: {
  device?: DeviceId;
  state?: CommandState;
  limit: number;
  json?: true;
}): Promise<void> {
  const { device: deviceId, state, limit } = options;
  const rows = await withStore(loadSettings().settings, (store) =>
    listCommands(store, { deviceId, state, limit }),
  );
  if (options.json) return printJson(rows.map((row) => toJson(describeCommand(row))));
  const cells = rows.map((row) => {
    const requestedAt = formatTime(row.requested_at);
    return [row.id, row.device_id, row.request, row.state, requestedAt, row.detail];
  });
  print(formatTable(['ID', 'DEVICE', 'COMMAND', 'STATE', 'REQUESTED', 'DETAIL'], cells));
}

async function show(id: string, options: { json?: true }): Promise<void> {
  const row = await withStore(loadSettings().settings, (store) => findCommand(store, id));
  if (row === undefined) throw new Refusal(EXIT.failure, `There is no command ${id}`);
  const described = describeCommand(row);
  if (options.json) return printJson(toJson(described));
  print(formatTable(['FIELD', 'VALUE'], Object.entries(described)));
}

async function cancel(id: string): Promise<void> {
  const result = await withStore(loadSettings().settings, (store) =>
    cancelCommand(store, id, Date.now()),
  );
  if (result === 'cancelled') return print(`${id} will not be sent`);
  if (result === 'unknown') throw new Refusal(EXIT.failure, `There is no command ${id}`);
  const why = result === 'sending' ? 'is being sent just now' : `is ${result} already`;
  throw new Refusal(EXIT.failure, `${id} ${why}, and cannot be taken back`);
}

function stateArgument(text: string): CommandState {
  const state = COMMAND_STATES.find((each) => each === text);
  if (state === undefined) {
    throw new InvalidArgumentError(`States are ${COMMAND_STATES.join(', ')}.`);
  }
  return state;
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationArgument(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined) {
    throw new InvalidArgumentError('It must be a time such as 90m, 48h or 7d.');
  }
  return Number(count) * unitMs;
}
