import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { BinId, DeviceId } from '../../domain/ids.ts';
import {
  binIdArgument,
  deviceIdArgument,
  numberArgument,
  timeArgument,
  wholeArgument,
} from '../arguments.ts';
import { loadSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';
import { calibrate } from '../registry/calibrate.ts';
import type { CalibrateOptions } from '../registry/calibrate.ts';
import { correct, showMountings } from '../registry/correct.ts';
import type { CorrectOptions } from '../registry/correct.ts';
import { addGeometryOptions } from '../registry/geometry-options.ts';
import type { GeometryOptions } from '../registry/geometry-options.ts';
import { mount, unmount } from '../registry/mount.ts';

/** A median of more readings than these would be of a bin that is not empty. */
const MOST_READINGS = 99;
const NUMBER = wholeArgument(1, Number.MAX_SAFE_INTEGER);

/** Which sensor was in which bin, and where the floor was. */
export function addMountingCommands(device: Command): void {
  addMount(device);
  addUnmount(device);
  addMountings(device);
  addCorrect(device);
  addCalibrate(device);
}

function addMount(device: Command): void {
  const command = device
    .command('mount')
    .description('say that a sensor is in a bin, and where its floor and full line are')
    .argument('<device>', 'the sensor', deviceIdArgument)
    .argument('<bin>', 'the bin', binIdArgument)
    .option('--from <time>', 'since when, such as 2026-11-24T08:00:00Z', timeArgument)
    .option('--to <time>', 'until when; left out, until further notice', timeArgument);
  addGeometryOptions(command);
  type Options = GeometryOptions & { readonly from?: number; readonly to?: number };
  command.action((deviceId: DeviceId, binId: BinId, options: Options) =>
    run((store) => mount(store, { deviceId, binId, options }, Date.now())),
  );
}

function addUnmount(device: Command): void {
  device
    .command('unmount')
    .description('say that a sensor has been taken out of its bin')
    .argument('<device>', 'the sensor', deviceIdArgument)
    .option('--at <time>', 'when it was; left out, now', timeArgument)
    .action((id: DeviceId, { at }: { readonly at?: number }) =>
      run((store) => unmount(store, id, { at, nowMs: Date.now() })),
    );
}

function addMountings(device: Command): void {
  device
    .command('mountings')
    .description('where a sensor was and is, with the measures of its bins')
    .argument('<device>', 'the sensor', deviceIdArgument)
    .option('--json', 'as JSON')
    .action((id: DeviceId, options: { readonly json?: true }) =>
      run((store) => showMountings(store, id, options)),
    );
}

function addCorrect(device: Command): void {
  const command = device
    .command('correct')
    .description('put a mounting right, wherever in the past it lies')
    .argument('<device>', 'the sensor', deviceIdArgument)
    .argument('<mounting>', 'its number, as "tunna device mountings" lists it', NUMBER)
    .option('--bin <id>', 'the bin that it was in', binIdArgument)
    .option('--from <time>', 'when it came into the bin', timeArgument)
    .option('--to <time>', 'when it left the bin; "open": it has not', openTimeArgument)
    .option('--dry-run', 'only say what would change', false);
  addGeometryOptions(command);
  command.action((id: DeviceId, mountingId: number, options: CorrectOptions) =>
    run((store) => correct(store, id, { mountingId, options }, Date.now())),
  );
}

function addCalibrate(device: Command): void {
  device
    .command('calibrate')
    .description('take what a sensor measured in its empty bin for the distance to the floor')
    .argument('<device>', 'the sensor', deviceIdArgument)
    .option('--reading <id>', 'this reading; left out, the newest that is accepted', NUMBER)
    .option(
      '--readings <count>',
      'the median of so many of the newest that are accepted',
      wholeArgument(1, MOST_READINGS),
    )
    .option('--full-mm <mm>', 'sensor to the line that counts as full', numberArgument(0, 20_000))
    .option(
      '--from <time>',
      'since when the floor is there; left out, as long as the mounting holds',
      timeArgument,
    )
    .option('--dry-run', 'only say what would change', false)
    .action((id: DeviceId, options: CalibrateOptions) =>
      run((store) => calibrate(store, id, options, Date.now())),
    );
}

/** A time, or `open`: commander makes an empty text of a null. */
function openTimeArgument(text: string): number | 'open' {
  if (text === 'open') return text;
  try {
    return timeArgument(text);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidArgumentError(`${error.message} Or "open".`);
  }
}

function run(work: Parameters<typeof withStore<void>>[1]): Promise<void> {
  return withStore(loadSettings().settings, work);
}
