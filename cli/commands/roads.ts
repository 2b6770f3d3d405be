import type { Command } from 'commander';
import { Option } from 'commander';
import { openTravel, openTravelOrLines } from '../../planner/travel/open-travel.ts';
import { ROAD_PROFILE_NAMES } from '../../planner/travel/road-profiles.ts';
import { TravelError } from '../../planner/travel/travel-source.ts';
import type { Position, TravelSource } from '../../planner/travel/travel-source.ts';
import { numberArgument } from '../arguments.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { print, printJson } from '../print.ts';
import { routeToGeoJson, routeToText, tableToJson, tableToText } from '../roads/describe-travel.ts';
import { importRoads } from '../roads/import-roads.ts';
import {
  chooseTravel,
  defaultRoadsFile,
  positionArgument,
  readPositions,
} from '../roads/roads-arguments.ts';
import type { SourceOptions } from '../roads/roads-arguments.ts';
import { showRoads } from '../roads/show-roads.ts';

interface AskOptions extends SourceOptions {
  readonly profile: string;
  readonly places?: string;
  readonly orStraightLine?: true;
  readonly json?: true;
  readonly geojson?: true;
}

export function addRoadsCommand(program: Command): void {
  const group = program.command('roads').description('travel times, on the roads of a map');
  group
    .command('import')
    .description('make a file of roads out of an OpenStreetMap extract')
    .argument('<file>', 'the extract, .osm.pbf')
    .option('--out <file>', 'what to make; else roads.bin in the data folder')
    .addOption(
      new Option('--profile <names...>', 'kinds of vehicles')
        .choices(ROAD_PROFILE_NAMES)
        .default(ROAD_PROFILE_NAMES),
    )
    .addOption(
      new Option('--drive-on <side>', 'of the road').choices(['left', 'right']).default('right'),
    )
    .option('--height-m <m>', 'of the vehicles, instead of their own', numberArgument(0.5, 10))
    .option('--weight-t <t>', 'laden, instead of their own', numberArgument(0.1, 100))
    .action(importRoads);
  group
    .command('info')
    .description('what a file of roads holds')
    .argument('[file]', 'else the one in the data folder')
    .option('--json', 'as JSON')
    .action((file: string | undefined, options: { readonly json?: true }) =>
      showRoads(file ?? defaultRoadsFile(), options.json === true),
    );
  addSourceOptions(
    group.command('table').description('times and distances between places, each way'),
  )
    .option('--json', 'seconds and metres as JSON')
    .action(printTable);
  addSourceOptions(group.command('route').description('the way over places, street by street'))
    .option('--geojson', 'as lines for a map')
    .action(printRoute);
}

function addSourceOptions(command: Command): Command {
  return command
    .argument('[places...]', 'latitude,longitude of each', positionArgument)
    .option('--places <file>', 'or a file with one place a line; - for standard input')
    .option('--profile <name>', 'kind of vehicle', 'truck')
    .option('--roads <file>', 'a file of roads; else the one in the data folder')
    .option('--osrm <url>', 'ask an OSRM server')
    .option('--valhalla <url>', 'ask a Valhalla server')
    .option('--straight-line', 'straight lines times a factor')
    .option('--or-straight-line', 'straight lines when the source cannot answer');
}

async function printTable(places: readonly Position[], options: AskOptions): Promise<void> {
  const positions = allPositions(places, options);
  const table = await withTravel(options, (source) => source.table(options.profile, positions));
  if (options.json === true) printJson(tableToJson(table));
  else print(tableToText(table));
}

async function printRoute(places: readonly Position[], options: AskOptions): Promise<void> {
  const positions = allPositions(places, options);
  const route = await withTravel(options, (source) => source.route(options.profile, positions));
  if (options.geojson === true) printJson(routeToGeoJson(route));
  else print(routeToText(route));
}

function allPositions(given: readonly Position[], { places }: AskOptions): readonly Position[] {
  const positions = [...given, ...(places === undefined ? [] : readPositions(places))];
  if (positions.length < 2) throw new Refusal(EXIT.usage, 'at least two places are needed');
  return positions;
}

async function withTravel<Answer>(
  options: AskOptions,
  ask: (source: TravelSource) => Promise<Answer>,
): Promise<Answer> {
  const choice = chooseTravel(options);
  try {
    const source =
      options.orStraightLine === true
        ? openTravelOrLines(choice, (error) => process.stderr.write(`tunna: ${error.message}\n`))
        : openTravel(choice);
    try {
      return await ask(source);
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof TravelError)) throw error;
    throw new Refusal(EXIT.failure, error.message, { cause: error });
  }
}
