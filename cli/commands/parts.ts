import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

/** The parts by themselves, for whoever runs them on different machines or under another supervisor. */
export function addPartCommands(program: Command): void {
  program
    .command('broker')
    .description('run the MQTT broker alone')
    .option(
      '--door <name>',
      'name of its journal; brokers side by side need different ones',
      doorArgument,
      'mqtt',
    )
    .action(async ({ door }: { door: string }) => {
      const { createBrokerPart } = await import('../parts/broker-part.ts');
      const { runPart } = await import('../parts/run-part.ts');
      return runPart('broker', (context) => createBrokerPart(context, door));
    });
  program
    .command('ingest')
    .description('run ingest alone: from the journals into the database')
    .action(async () => {
      const { createIngestPart } = await import('../parts/ingest-part.ts');
      const { runPart } = await import('../parts/run-part.ts');
      return runPart('ingest', createIngestPart);
    });
  program
    .command('dashboard')
    .description('run the API and the page alone')
    .action(async () => {
      const { createDashboardPart } = await import('../parts/dashboard-part.ts');
      const { runPart } = await import('../parts/run-part.ts');
      return runPart('dashboard', createDashboardPart);
    });
}

/** It becomes a file's name: the journal allows these. */
function doorArgument(text: string): string {
  if (!/^[a-z0-9-]{1,32}$/.test(text)) {
    throw new InvalidArgumentError(
      "A door's name is 1 to 32 lower-case letters, digits or hyphens.",
    );
  }
  return text;
}
