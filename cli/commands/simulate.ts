import type { Command } from 'commander';
import { wholeArgument, numberArgument } from '../arguments.ts';

/** Options of a load run, as commander gives them. */
export interface LoadArguments {
  readonly bins: number;
  readonly rate: number;
  readonly seconds: number;
  readonly connections: number;
}

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
    .action(async (options: Omit<LoadArguments, 'rate'> & { readonly rate?: number }) => {
      const { rate, ...rest } = options;
      if (rate !== undefined) {
        const { runLoad } = await import('../demo/run-load.ts');
        return runLoad({ ...rest, rate });
      }
      const { createSimulatorPart } = await import('../parts/simulator-part.ts');
      const { runPart } = await import('../parts/run-part.ts');
      return runPart('simulator', createSimulatorPart);
    });
}
