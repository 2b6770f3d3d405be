import { Command } from 'commander';
import { addPartCommands } from './commands/parts.ts';
import { addSimulateCommand } from './commands/simulate.ts';
import { runCommand } from './run-command.ts';

// What `tunna start` runs for each part: the same subcommands without all the others, whose code takes longer to load
// than a part's own.
await runCommand(() => {
  const program = new Command('tunna').exitOverride();
  addPartCommands(program);
  addSimulateCommand(program);
  return program;
});
