import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { BinId, DeviceId } from '../../domain/ids.ts';
import { QUARANTINE_REASONS } from '../../ingest/quarantine-reason.ts';
import { adoptUnknownDevice } from '../../ingest/adopt-unknown.ts';
import { guessMaker } from '../../ingest/guess-maker.ts';
import { replayQuarantine } from '../../ingest/replay.ts';
import type { Store } from '../../store/database.ts';
import { findQuarantined, listQuarantine } from '../../store/quarantine.ts';
import type { QuarantineRow } from '../../store/schema.ts';
import { listDevicesOfMaker } from '../../store/views/quarantine-groups.ts';
import type { GuessMaker } from '../../store/views/quarantine-groups.ts';
import { listOpenIds } from '../../store/views/quarantine-list.ts';
import type { QuarantineSelection } from '../../store/views/quarantine-list.ts';
import { binIdArgument, deviceIdArgument, wholeArgument } from '../arguments.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';
import { formatTable, formatTime, print, printJson } from '../print.ts';
import { modelName } from '../registry/add-device.ts';
import type { Settings } from '../settings/settings.ts';
import { addGeometryOptions, toGeometry } from '../registry/geometry-options.ts';
import type { GeometryOptions } from '../registry/geometry-options.ts';
import { addGroups } from './quarantine-groups.ts';

/** What somebody has to know who names a device that is registered already, or was never heard. */
const ADVICE: Readonly<Record<string, (id: DeviceId) => string>> = {
  registered: (id) =>
    `; "tunna device mount" says where it is, "tunna quarantine replay --device ${id}" stores what it sent`,
  'never-heard': () => '; "tunna device add" registers one that has not sent anything yet',
  'no-such-bin': () => '; add it first',
};

const DEFAULT_LIMIT = 100;
/** As many as one call puts through again. */
const MOST_REPLAYED = 100_000;

export function addQuarantineCommand(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .description('messages that did not become readings, and why');
  addGroups(quarantine);
  addList(quarantine);
  quarantine
    .command('show')
    .description('one message as it came')
    .argument('<id>', 'its number', wholeArgument(1, Number.MAX_SAFE_INTEGER))
    .option('--json', 'as JSON')
    .action(show);
  addAdopt(quarantine);
  addReplay(quarantine);
}

interface FilterOptions {
  readonly reason?: string;
  readonly device?: DeviceId;
  readonly maker?: string;
}

function addList(quarantine: Command): void {
  quarantine
    .command('list')
    .description('what is open, newest first')
    .option('--reason <reason>', 'only with this reason', reasonArgument)
    .option('--device <id>', 'only of this device', deviceIdArgument)
    .option('--maker <name>', 'only of the devices of this maker')
    .option('--limit <count>', 'at most so many', wholeArgument(1, MOST_REPLAYED), DEFAULT_LIMIT)
    .option('--json', 'as JSON')
    .action((options: FilterOptions & { limit: number; json?: true }) => {
      const { settings } = loadSettings();
      return withStore(settings, async (store) => {
        const selection = await select(store, options, settings);
        const rows = await listQuarantine(store.db, { ...selection, limit: options.limit });
        if (options.json) return printJson(rows.map(describeRow));
        const cells = rows.map((row) => {
          const lastAt = formatTime(row.last_received_at);
          return [row.id, row.reason, row.device_id, row.times, lastAt, row.topic];
        });
        print(formatTable(['ID', 'REASON', 'DEVICE', 'TIMES', 'LAST', 'TOPIC'], cells));
      });
    });
}

/** What the options mean. */
async function select(
  store: Store,
  { reason, device: deviceId, maker }: FilterOptions,
  { sources }: Pick<Settings, 'sources'>,
): Promise<QuarantineSelection> {
  if (maker === undefined) return { reason, deviceId };
  const guess: GuessMaker = (clue) => guessMaker(clue, sources);
  return { reason, deviceId, deviceIds: await listDevicesOfMaker(store, maker, guess) };
}

async function show(id: number, options: { json?: true }): Promise<void> {
  const row = await withStore(loadSettings().settings, (store) => assertThere(store, id));
  const described = describeRow(row);
  if (options.json) return printJson(described);
  print(formatTable(['FIELD', 'VALUE'], Object.entries(described)));
}

async function assertThere(store: Store, id: number): Promise<QuarantineRow> {
  const row = await findQuarantined(store.db, id);
  if (row === undefined) throw new Refusal(EXIT.failure, `There is no message ${id} in quarantine`);
  return row;
}

interface AdoptOptions extends GeometryOptions {
  readonly bin: BinId;
  readonly model?: string;
  readonly interval?: number;
}

function addAdopt(quarantine: Command): void {
  const command = quarantine
    .command('adopt')
    .description('take an unknown device in: register it, mount it, and store what it has sent')
    .argument('<device>', 'its id as the quarantine shows it', deviceIdArgument)
    .requiredOption('--bin <id>', 'the bin it is in', binIdArgument)
    .option('--model <model>', 'codec of its bytes, such as milesight/em400-mud')
    .option('--interval <seconds>', 'how often it reports', wholeArgument(1, 31_536_000));
  addGeometryOptions(command);
  command.action(adopt);
}

async function adopt(id: DeviceId, options: AdoptOptions): Promise<void> {
  const model = options.model === undefined ? null : modelName(options.model);
  const geometry = toGeometry(options);
  const { settings } = loadSettings();
  await withStore(settings, async (store) => {
    const { bin: binId, interval: reportIntervalSeconds = null } = options;
    const request = { deviceId: id, binId, model, geometry, reportIntervalSeconds };
    const context = { nowMs: Date.now(), sources: settings.sources };
    const adopted = await adoptUnknownDevice(store, request, context);
    if (!adopted.ok) {
      throw new Refusal(EXIT.failure, `${adopted.detail}${ADVICE[adopted.reason]?.(id) ?? ''}`);
    }
    const { resolved, refused } = adopted;
    print(`${id} is in ${binId}; ${resolved} messages were stored, ${refused} still refused`);
  });
}

function addReplay(quarantine: Command): void {
  quarantine
    .command('replay')
    .description('put messages through ingest again, after what was wrong has been put right')
    .argument('[ids...]', 'their numbers; otherwise all that the options name', idsArgument)
    .option('--reason <reason>', 'all with this reason', reasonArgument)
    .option('--device <id>', 'all of this device', deviceIdArgument)
    .option('--maker <name>', 'all of the devices of this maker, as "groups --by maker" names it')
    .option('--all', 'everything that is open')
    .action(replay);
}

async function replay(
  named: readonly number[],
  options: FilterOptions & { all?: true },
): Promise<void> {
  const { reason, device, maker, all } = options;
  const isFiltered = all === true || (reason ?? device ?? maker) !== undefined;
  if (isFiltered === named.length > 0) {
    throw new Refusal(EXIT.usage, 'name the messages, or say --reason, --device, --maker or --all');
  }
  const { settings } = loadSettings();
  await withStore(settings, async (store) => {
    for (const id of named) await assertThere(store, id);
    const selection = await select(store, options, settings);
    // Oldest first: the way they came.
    const everything = { afterId: 0, limit: MOST_REPLAYED };
    const ids = isFiltered ? await listOpenIds(store, selection, everything) : named;
    const { sources } = settings;
    const { resolved, refused } = await replayQuarantine(store, ids, Date.now(), sources);
    print(`${resolved} messages were stored, ${refused} still refused`);
  });
}

/** Commander calls it once for each text; without any, the action gets an empty list. */
function idsArgument(text: string, earlier: readonly number[] = []): readonly number[] {
  return [...earlier, wholeArgument(1, Number.MAX_SAFE_INTEGER)(text)];
}

function reasonArgument(text: string): string {
  if (text in QUARANTINE_REASONS) return text;
  throw new InvalidArgumentError(`Reasons are ${Object.keys(QUARANTINE_REASONS).join(', ')}.`);
}

function describeRow(row: QuarantineRow): Record<string, string | number | null> {
  const payload = Buffer.from(row.payload);
  return {
    id: row.id,
    reason: row.reason,
    detail: row.detail,
    deviceId: row.device_id,
    door: row.door,
    principal: row.principal,
    topic: row.topic,
    times: row.times,
    firstReceivedAt: formatTime(row.first_received_at),
    lastReceivedAt: formatTime(row.last_received_at),
    resolvedAt: formatTime(row.resolved_at),
    payloadText: payload.toString('utf8'),
    payloadBase64: payload.toString('base64'),
  };
}
