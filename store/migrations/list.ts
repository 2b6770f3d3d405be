import type { Kysely } from 'kysely';
import { createTown } from './0001-town.ts';
import { rememberRedeliveries } from './0002-redeliveries.ts';
import { indexArrivalsOnly } from './0003-arrivals.ts';
import { keepExtras } from './0004-extras.ts';
import { shapeBins } from './0005-geometry.ts';
import { keepCommands } from './0006-commands.ts';
import { indexTokens } from './0007-tokens.ts';
import { indexQuarantine } from './0008-quarantine.ts';
import { countTaken } from './0009-taken.ts';
import { markDays } from './0010-retention.ts';
import { keepAudit } from './0011-audit.ts';
import { followInflux } from './0012-influx.ts';
import { markImports } from './0013-imported-marks.ts';
import type { ColumnKinds } from './column-kinds.ts';

type Step = (db: Kysely<unknown>, kinds: ColumnKinds) => Promise<void>;

/** Every step of the schema, in order. A released step is never edited: a new one follows. */
export const MIGRATIONS: Readonly<Record<string, Step>> = {
  '0001-town': createTown,
  '0002-redeliveries': rememberRedeliveries,
  '0003-arrivals': indexArrivalsOnly,
  '0004-extras': keepExtras,
  '0005-geometry': shapeBins,
  '0006-commands': keepCommands,
  '0007-tokens': indexTokens,
  '0008-quarantine': indexQuarantine,
  '0009-taken': countTaken,
  '0010-retention': markDays,
  '0011-audit': keepAudit,
  '0012-influx': followInflux,
  '0013-imported-marks': markImports,
};
