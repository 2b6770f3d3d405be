import type { Command } from 'commander';
import { wholeArgument, numberArgument } from '../arguments.ts';
import { refuseSimulator } from '../demo/refuse-simulator.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import type { LoadArguments } from '../demo/run-load.ts';
import { loadSettings } from '../load-settings.ts';

type SimulateOptions = Omit<LoadArguments, 'rate'> & { readonly rate?: number };

export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('run the demo town, or with --rate put load on the broker and say how it went')
    .option('--bins <count>', 'bins under load', wholeArgument(1, 100_000), 10_000)
    .option(
      '--rate <messages>',
      'load: messages a second, all together',
      numberArgument(1, 100_000),
    )
    .option('--seconds <seconds>', 'load: how long', numberArgument(1, 86_400), 60)
    .option('--connections <count>', 'load: over so many', wholeArgument(1, 1000), 10)
    .action(async (options: SimulateOptions, command: Command) => {
      const { rate, ...rest } = options;
      // Before anything else: what else is missing does not matter then.
      refuseSimulator(loadSettings().settings);
      if (rate !== undefined) {
        const { runLoad } = await import('../demo/run-load.ts');
        return runLoad({ ...rest, rate });
      }
      assertNoLoadOptions(command);
      const { createSimulatorPart } = await import('../parts/simulator-part.ts');
      const { runPart } = await import('../parts/run-part.ts');
      return runPart('simulator', createSimulatorPart);
    });
}

/** The demo town has settings of its own: options that it would pass over are a misunderstanding. */
function assertNoLoadOptions(command: Command): void {
  const given = command.options.find((option) => {
    return command.getOptionValueSource(option.attributeName()) === 'cli';
  });
  if (given === undefined) return;
  const message = `${given.long ?? given.flags} is for a load, which needs --rate; the demo town goes by TUNNA_SIM_BINS`;
  throw new Refusal(EXIT.usage, message);
}
