import type { Logger } from 'pino';
import type { Store } from '../../store/database.ts';
import type { LevelSource } from '../../store/history/levels.ts';
import type { PageSettings } from '../api/town.ts';
import type { Authenticator } from './access/authenticator.ts';
import type { BinListCache } from './bin-list-cache.ts';
import type { OrderCommand } from './commands/command-work.ts';
import type { EventHub } from './events/event-hub.ts';
import type { Metrics } from './metrics.ts';
import type { QuarantineWork } from './quarantine/quarantine-work.ts';
import type { TownNumbersCache } from './town-numbers-cache.ts';
import type { WebhookJournal } from './webhooks/webhook-journal.ts';
import type { WebhookLimits } from './webhooks/webhook-limits.ts';

/** The door for network servers that call. */
export interface WebhookDoor {
  readonly journal: WebhookJournal;
  /** Names that a caller may use. */
  readonly sources: readonly string[];
  readonly limits: WebhookLimits;
}

/** What the routes work with. */
export interface AppParts {
  readonly store: Store;
  /** Has the levels that SQL has no longer; `undefined`: SQL has all that there are. */
  readonly longMemory: LevelSource | undefined;
  readonly bins: BinListCache;
  readonly numbers: TownNumbersCache;
  readonly hub: EventHub;
  readonly metrics: Metrics;
  /** Who may write, or read what is not for everybody. */
  readonly access: Authenticator;
  readonly webhooks: WebhookDoor;
  readonly quarantine: QuarantineWork;
  readonly orderCommand: OrderCommand;
  readonly settings: PageSettings;
  readonly pageFolder: string;
  readonly allowedHosts: readonly string[];
  readonly usesTls: boolean;
  readonly now: () => number;
  readonly log: Logger;
}
