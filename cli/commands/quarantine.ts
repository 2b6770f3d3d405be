import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { BinId, DeviceId } from '../../domain/ids.ts';
import { QUARANTINE_REASONS } from '../../ingest/quarantine-reason.ts';
import { adoptDevice, replayQuarantine } from '../../ingest/replay.ts';
import { findBin } from '../../store/bins.ts';
import type { Store } from '../../store/database.ts';
import { findDevice } from '../../store/devices.ts';
import { findQuarantined, listQuarantine } from '../../store/quarantine.ts';
import type { QuarantineRow } from '../../store/schema.ts';
import { binIdArgument, deviceIdArgument, toGeometry, wholeArgument } from '../arguments.ts';
import type { GeometryOptions } from '../arguments.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';
import { formatTable, formatTime, print, printJson } from '../print.ts';
import { modelName } from '../registry/add-device.ts';
import { addGeometryOptions } from './device.ts';

const DEFAULT_LIMIT = 100;
/** As many as one call puts through again. */
const MOST_REPLAYED = 100_000;

export function addQuarantineCommand(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .description('messages that did not become readings, and why');
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
}

function addList(quarantine: Command): void {
  quarantine
    .command('list')
    .description('what is open, newest first')
    .option('--reason <reason>', 'only with this reason', reasonArgument)
    .option('--device <id>', 'only of this device', deviceIdArgument)
    .option('--limit <count>', 'at most so many', wholeArgument(1, MOST_REPLAYED), DEFAULT_LIMIT)
    .option('--json', 'as JSON')
    .action((options: FilterOptions & { limit: number; json?: true }) =>
      withStore(loadSettings().settings, async (store) => {
        const { reason, device: deviceId, limit } = options;
        const rows = await listQuarantine(store.db, { reason, deviceId, limit });
        if (options.json) return printJson(rows.map(describeRow));
        const cells = rows.map((row) => {
          const lastAt = formatTime(row.last_received_at);
          return [row.id, row.reason, row.device_id, row.times, lastAt, row.topic];
        });
        print(formatTable(['ID', 'REASON', 'DEVICE', 'TIMES', 'LAST', 'TOPIC'], cells));
      }),
    );
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
    if ((await findDevice(store, id)) !== undefined) {
      const advice = `"tunna device mount" says where it is, "tunna quarantine replay --device ${id}" stores what it sent`;
      throw new Refusal(EXIT.failure, `${id} is registered already; ${advice}`);
    }
    // A slip of the pen would put a sensor that does not exist into the bin.
    if ((await listQuarantine(store.db, { deviceId: id, limit: 1 })).length === 0) {
      const advice = '"tunna device add" registers one that has not sent anything yet';
      throw new Refusal(EXIT.failure, `Nothing from ${id} is in quarantine; ${advice}`);
    }
    // Before anything is written: a device that could not be mounted would be left registered.
    if ((await findBin(store, options.bin)) === undefined) {
      throw new Refusal(EXIT.failure, `There is no bin ${options.bin}; add it first`);
    }
    const device = { id, model, reportIntervalSeconds: options.interval ?? null };
    const mounting = { binId: options.bin, geometry };
    const adopted = await adoptDevice(store, { device, mounting }, Date.now(), settings.sources);
    if (!adopted.ok) throw new Refusal(EXIT.failure, adopted.detail);
    const { resolved, refused } = adopted;
    print(`${id} is in ${options.bin}; ${resolved} messages were stored, ${refused} still refused`);
  });
}

function addReplay(quarantine: Command): void {
  quarantine
    .command('replay')
    .description('put messages through ingest again, after what was wrong has been put right')
    .argument('[ids...]', 'their numbers; otherwise all that the options name', idsArgument)
    .option('--reason <reason>', 'all with this reason', reasonArgument)
    .option('--device <id>', 'all of this device', deviceIdArgument)
    .option('--all', 'everything that is open')
    .action(replay);
}

async function replay(
  named: readonly number[],
  options: FilterOptions & { all?: true },
): Promise<void> {
  const { reason, device: deviceId } = options;
  const isFiltered = options.all === true || reason !== undefined || deviceId !== undefined;
  if (isFiltered === named.length > 0) {
    throw new Refusal(EXIT.usage, 'name the messages, or say --reason, --device or --all');
  }
  const { settings } = loadSettings();
  await withStore(settings, async (store) => {
    for (const id of named) await assertThere(store, id);
    const found = isFiltered
      ? await listQuarantine(store.db, { reason, deviceId, limit: MOST_REPLAYED })
      : [];
    // Oldest first: the way they came.
    const ids = isFiltered ? found.map(({ id }) => id).reverse() : named;
    const { resolved, refused } = await replayQuarantine(store, ids, Date.now(), settings.sources);
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
