import { Option } from 'commander';
import type { Command } from 'commander';
import { guessMaker } from '../../ingest/guess-maker.ts';
import type { Store } from '../../store/database.ts';
import { findQuarantined } from '../../store/quarantine.ts';
import { groupQuarantine, groupQuarantineByMaker } from '../../store/views/quarantine-groups.ts';
import type { QuarantineGroup } from '../../store/views/quarantine-groups.ts';
import { loadSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';
import { formatTable, formatTime, print, printJson } from '../print.ts';
import type { Settings } from '../settings/settings.ts';

const GROUPINGS = ['reason', 'device', 'maker'] as const;
type Grouping = (typeof GROUPINGS)[number];

/** As many groups as a person looks through; `--json` gives all. */
const MOST_SHOWN = 100;

/** What an example says of its group at most. */
const DETAIL_LENGTH = 60;

export function addGroups(quarantine: Command): void {
  quarantine
    .command('groups')
    .description('what is open, by what the messages have in common')
    .addOption(
      new Option('--by <what>', 'what they share').choices(GROUPINGS).default(GROUPINGS[0]),
    )
    .option('--json', 'as JSON')
    .action((options: { by: Grouping; json?: true }) => {
      const { settings } = loadSettings();
      return withStore(settings, async (store) => {
        const groups = await readGroups(store, options.by, settings);
        if (options.json) return printJson(groups.map(describe));
        print(await toTable(store, options.by, groups.slice(0, MOST_SHOWN)));
        const hidden = groups.length - MOST_SHOWN;
        if (hidden > 0) print(`${hidden} more; --json shows all`);
      });
    });
}

function readGroups(
  store: Store,
  by: Grouping,
  { sources }: Pick<Settings, 'sources'>,
): Promise<QuarantineGroup[]> {
  if (by === 'maker') {
    return groupQuarantineByMaker(store, (message) => guessMaker(message, sources));
  }
  return groupQuarantine(store, by === 'device' ? 'device_id' : 'reason');
}

function describe({ firstReceivedAtMs, lastReceivedAtMs, ...group }: QuarantineGroup) {
  return {
    ...group,
    firstReceivedAt: formatTime(firstReceivedAtMs),
    lastReceivedAt: formatTime(lastReceivedAtMs),
  };
}

async function toTable(
  store: Store,
  by: Grouping,
  groups: readonly QuarantineGroup[],
): Promise<string> {
  const rows = [];
  for (const group of groups) {
    const example = await findQuarantined(store.db, group.exampleId);
    const detail = (example?.detail ?? '').slice(0, DETAIL_LENGTH);
    rows.push([
      ...[group.key, group.messages, group.times, group.devices],
      ...[formatTime(group.firstReceivedAtMs), formatTime(group.lastReceivedAtMs)],
      ...[group.exampleId, detail],
    ]);
  }
  const headings = ['MESSAGES', 'TIMES', 'DEVICES', 'FIRST', 'LAST', 'EXAMPLE', 'DETAIL'];
  return formatTable([by.toUpperCase(), ...headings], rows);
}
