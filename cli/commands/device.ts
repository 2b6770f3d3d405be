import type { Command } from 'commander';
import { Option } from 'commander';
import type { DeviceId } from '../../domain/ids.ts';
import type { PrincipalKind } from '../../store/principals.ts';
import {
  binIdArgument,
  deviceIdArgument,
  numberArgument,
  prefixArgument,
  wholeArgument,
} from '../arguments.ts';
import { loadSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';
import { formatTable, print, printJson } from '../print.ts';
import { addDevice } from '../registry/add-device.ts';
import type { DeviceOptions } from '../registry/add-device.ts';
import { addGeometryOptions } from '../registry/geometry-options.ts';
import { listDeviceRows } from '../registry/list-devices.ts';
import { revoke, rotate, trust } from '../registry/tokens.ts';
import { addMountingCommands } from './mounting.ts';

/** A rotated token stays valid this long, so that a device in the field can be given the new one. */
const DEFAULT_GRACE_HOURS = 24;

export function addDeviceCommand(program: Command): void {
  const device = program
    .command('device')
    .description(
      'sensors, gateways, readers and operators: who may do what, and which sensor is in which bin',
    );
  addAdd(device);
  addList(device);
  addTokenCommands(device);
  addMountingCommands(device);
}

function addAdd(device: Command): void {
  const kinds: readonly PrincipalKind[] = ['device', 'gateway', 'reader', 'operator'];
  const command = device
    .command('add')
    .description('register a device, gateway, reader or operator; its token is printed once')
    .argument('<id>', 'name it connects with', deviceIdArgument)
    .addOption(new Option('--kind <kind>', 'what it is').choices(kinds).default('device'))
    .option('--model <model>', 'codec of its bytes, such as milesight/em400-mud')
    .option('--interval <seconds>', 'how often it reports', wholeArgument(1, 31_536_000))
    .option('--behind-gateway', 'a gateway speaks for it: no token', false)
    .option('--bin <id>', 'mount it in this bin', binIdArgument)
    .option('--prefix <filter>', 'topics a gateway may publish under; repeatable', prefixArgument)
    .option('--backfill', 'may send any past time, without rate limits', false);
  addGeometryOptions(command);
  command.action((id: DeviceId, options: DeviceOptions) =>
    run((store) => addDevice(store, id, options, Date.now())),
  );
}

function addList(device: Command): void {
  device
    .command('list')
    .description('all devices, gateways, readers and operators')
    .option('--json', 'as JSON')
    .action((options: { json?: true }) =>
      run(async (store) => {
        const rows = await listDeviceRows(store);
        if (options.json) return printJson(rows);
        const headings = ['ID', 'KIND', 'ACCESS', 'MODEL', 'BIN', 'LAST SEEN'];
        const cells = rows.map((row) => {
          return [row.id, row.kind, row.access, row.model, row.binId, row.lastSeenAt];
        });
        print(formatTable(headings, cells));
        for (const { id, suspicion } of rows) {
          if (suspicion === null) continue;
          const { addresses, takeoversPerMinute } = suspicion;
          const seen = `${takeoversPerMinute} takeovers in a minute, from ${addresses.join(', ')}`;
          print(`${id}: two clients may use its credential (${seen})`);
        }
        for (const { id, recompute } of rows) {
          if (recompute === null) continue;
          const { doneReadings, totalReadings } = recompute;
          print(`${id}: ${doneReadings} of ${totalReadings} readings are computed anew`);
        }
      }),
    );
}

function addTokenCommands(device: Command): void {
  device
    .command('rotate')
    .description('give a new token, printed once; the old one works for a while')
    .argument('<id>', 'device, gateway, reader or operator', deviceIdArgument)
    .option(
      '--grace-hours <hours>',
      'how long the old token still works',
      numberArgument(0, 8760),
      DEFAULT_GRACE_HOURS,
    )
    .action((id: DeviceId, options: { graceHours: number }) =>
      run((store) => rotate(store, id, options.graceHours, Date.now())),
    );
  device
    .command('revoke')
    .description('shut it out, open connections too, within a second')
    .argument('<id>', 'device, gateway, reader or operator', deviceIdArgument)
    .action((id: DeviceId) => run((store) => revoke(store, id, Date.now())));
  device
    .command('trust')
    .description('take back the suspicion that two clients use its credential')
    .argument('<id>', 'device, gateway or reader', deviceIdArgument)
    .action((id: DeviceId) => run((store) => trust(store, id)));
}

function run(work: Parameters<typeof withStore<void>>[1]): Promise<void> {
  return withStore(loadSettings().settings, work);
}
