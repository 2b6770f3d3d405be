import type { Express } from 'express';
import type { Logger } from 'pino';
import type { Store } from '../../store/database.ts';
import { RefusalAudit } from '../../store/refusal-audit.ts';
import type { LevelSource } from '../../store/history/levels.ts';
import type { PageSettings } from '../api/town.ts';
import { pauseAfterFailure } from '../../store/history/pause-after-failure.ts';
import { Authenticator } from './access/authenticator.ts';
import { AccountsCache } from './accounts-cache.ts';
import { createApp } from './app.ts';
import { BinListCache } from './bin-list-cache.ts';
import type { OrderCommand } from './commands/command-work.ts';
import { DEFAULT_EVENT_LIMITS, EventHub } from './events/event-hub.ts';
import type { EventLimits } from './events/event-hub.ts';
import { HttpServer } from './http-server.ts';
import type { TlsFiles } from './http-server.ts';
import { createMetrics } from './metrics.ts';
import type { QuarantineWork } from './quarantine/quarantine-work.ts';
import { TownNumbersCache } from './town-numbers-cache.ts';
import { WebhookJournal } from './webhooks/webhook-journal.ts';
import { DEFAULT_WEBHOOK_LIMITS } from './webhooks/webhook-limits.ts';
import type { WebhookLimits } from './webhooks/webhook-limits.ts';

/** How often it is seen whether the minute of a refusal is over. */
const AUDIT_EVERY_MS = 1_000;

/** The door for network servers that call. */
export interface WebhookOptions {
  /** Folder of the journals; the door's own is made there. */
  readonly journalFolder: string;
  /** Names that a caller may use: forms that are read without being told, and configured sources. */
  readonly sources: readonly string[];
  /** What differs from {@link DEFAULT_WEBHOOK_LIMITS}. */
  readonly limits?: Partial<WebhookLimits>;
}

export interface DashboardOptions {
  /** Open, and closed by its owner after {@link Dashboard.stop}. */
  readonly store: Store;
  /** Where levels are that SQL has no longer. */
  readonly longMemory?: LevelSource | undefined;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Names the dashboard is reached by, beside `localhost` and addresses. */
  readonly allowedHosts: readonly string[];
  /** The built page; may be absent, and may be built while the dashboard runs. */
  readonly pageFolder: string;
  readonly settings: PageSettings;
  readonly webhooks: WebhookOptions;
  readonly quarantine: QuarantineWork;
  readonly orderCommand: OrderCommand;
  readonly tls?: TlsFiles | undefined;
  /** Limits of the event stream that differ from {@link DEFAULT_EVENT_LIMITS}. */
  readonly events?: Partial<EventLimits>;
  readonly now: () => number;
  readonly log: Logger;
}

/** The API, the live stream and the page, on one port. */
export interface Dashboard {
  /** Begins to listen. Rejects when the address cannot be had; a database that does not answer is waited for. */
  start(): Promise<{ readonly port: number }>;
  /** New connections get this certificate; those that stand keep theirs. Throws, with nothing changed, when it is none. */
  replaceCertificate(tls: TlsFiles): void;
  /** Ends all streams and connections. */
  stop(): Promise<void>;
  readonly app: Express;
}

/** @throws TypeError when the tiles' address in the settings is none */
export function createDashboard(options: DashboardOptions): Dashboard {
  const { store, host, port, settings, pageFolder, tls, now, log } = options;
  const limits = { ...DEFAULT_EVENT_LIMITS, ...options.events };
  const hub = new EventHub({ store, limits, now, log });
  const bins = new BinListCache(store, now);
  const numbers = new TownNumbersCache(store, now);
  const countEventClients = (): number => hub.clientCount;
  const { journalFolder, sources, limits: webhookLimits } = options.webhooks;
  const accounts = new AccountsCache({ store, journalFolder, log });
  const metrics = createMetrics({ bins, accounts, countEventClients, log });
  const journal = new WebhookJournal({ store, folder: journalFolder, log });
  const webhooks = { journal, sources, limits: { ...DEFAULT_WEBHOOK_LIMITS, ...webhookLimits } };
  const audit = new RefusalAudit({
    ...{ store, now, uptimeMs: () => performance.now() },
    onError: (error) => log.warn({ err: error }, 'The audit cannot be written'),
  });
  let auditTimer: NodeJS.Timeout | undefined;
  const app = createApp({
    store,
    longMemory: options.longMemory && pauseAfterFailure(options.longMemory, now),
    bins,
    numbers,
    hub,
    metrics,
    access: new Authenticator({ store, now, refused: metrics.refused, audit }),
    webhooks,
    quarantine: options.quarantine,
    orderCommand: options.orderCommand,
    settings,
    pageFolder,
    allowedHosts: [host, ...options.allowedHosts],
    usesTls: tls !== undefined,
    now,
    log,
  });
  const server = new HttpServer(app, tls);
  return {
    app,
    async start() {
      await journal.start();
      const bound = await server.listen(host, port).catch(async (error: unknown) => {
        await journal.stop();
        throw error;
      });
      hub.start();
      auditTimer = setInterval(() => audit.flush(), AUDIT_EVERY_MS);
      log.info({ host, port: bound }, 'The dashboard listens');
      return { port: bound };
    },
    replaceCertificate: (files) => server.replaceCertificate(files),
    async stop() {
      await hub.stop();
      await server.close();
      clearInterval(auditTimer);
      await audit.close();
      await journal.stop();
      metrics.registry.clear();
    },
  };
}
