import { Command } from 'commander';
import { addAuditCommand } from './commands/audit.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addBinCommand } from './commands/bin.ts';
import { addCommandCommand } from './commands/command.ts';
import { addDecodeCommand } from './commands/decode.ts';
import { addDeviceCommand } from './commands/device.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addImportCommand } from './commands/import.ts';
import { addInfluxCommand } from './commands/influx.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addPartCommands } from './commands/parts.ts';
import { addQuarantineCommand } from './commands/quarantine.ts';
import { addReadyCommand } from './commands/ready.ts';
import { addReplayCommand } from './commands/replay.ts';
import { addRoadsCommand } from './commands/roads.ts';
import { addSimulateCommand } from './commands/simulate.ts';
import { addSolveCommand } from './commands/solve.ts';
import { addStoreCommand } from './commands/store.ts';
import { addStartCommand } from './commands/start.ts';
import { readVersion } from './read-version.ts';

/** The command `tunna` with all its subcommands. Throws instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('tunna')
    .description('tells a city which waste bins need emptying')
    .version(readVersion())
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({
      // Commander puts its suggestion on a second line.
      outputError: (text, write) =>
        write(
          `${text
            .trim()
            .replace(/^error: /, 'tunna: ')
            .replaceAll('\n', ' ')}\n`,
        ),
    });
  addStartCommand(program);
  addPartCommands(program);
  addSimulateCommand(program);
  addMigrateCommand(program);
  addDeviceCommand(program);
  addBinCommand(program);
  addImportCommand(program);
  addReplayCommand(program);
  addQuarantineCommand(program);
  addCommandCommand(program);
  addDecodeCommand(program);
  addSolveCommand(program);
  addRoadsCommand(program);
  addAuditCommand(program);
  addInfluxCommand(program);
  addBackupCommands(program);
  addStoreCommand(program);
  addDoctorCommand(program);
  addReadyCommand(program);
  return program;
}
