import { createDashboard } from '../../dashboard/server/dashboard.ts';
import { WEBHOOK_ENVELOPES } from '../../ingest/sources/find-source.ts';
import type { LevelSource } from '../../store/history/levels.ts';
import { createInfluxLevels } from '../../store/influx/influx-levels.ts';
import { dataPaths } from '../data-folder.ts';
import { PAGE_FOLDER } from '../page-build.ts';
import { readVersion } from '../read-version.ts';
import type { Settings } from '../settings/settings.ts';
import { createOrderCommand } from './order-command.ts';
import { createQuarantineWork } from './quarantine-work.ts';
import { connectHost, urlHost } from './connect-host.ts';
import { createInfluxServer } from './influx-server.ts';
import { assertMayListen } from './may-listen.ts';
import type { Part, PartContext } from './run-part.ts';
import { readTlsFiles } from './tls-files.ts';
import { TlsWatch } from './tls-watch.ts';

/** The API, the live stream and the page. */
export async function createDashboardPart(context: PartContext): Promise<Part> {
  const { settings, store, log, now } = context;
  const { bind, httpPort, allowedHosts } = settings;
  await assertMayListen(store, bind);
  const tls = readTlsFiles(settings);
  const dashboard = createDashboard({
    longMemory: createLongLevels(settings),
    ...{ store, host: bind, port: httpPort, allowedHosts, now, log, tls },
    webhooks: {
      journalFolder: dataPaths(settings.dataFolder).journals,
      sources: listWebhookSources(settings),
    },
    quarantine: createQuarantineWork({ store, sources: settings.sources, now }),
    orderCommand: createOrderCommand(store, now),
    pageFolder: PAGE_FOLDER,
    settings: pageSettings(settings),
  });
  let watch: TlsWatch | undefined;
  return {
    async start() {
      const { port } = await dashboard.start();
      if (tls !== undefined) {
        const replace = dashboard.replaceCertificate.bind(dashboard);
        watch = new TlsWatch(settings, tls, replace, log);
      }
      const scheme = tls === undefined ? 'http' : 'https';
      const page = `${scheme}://${urlHost(connectHost(bind))}:${port}/`;
      return { page, apiDocs: `${page}api/docs/` };
    },
    stop() {
      watch?.[Symbol.dispose]();
      return dashboard.stop();
    },
  };
}

/** Where old levels are read from, when an InfluxDB keeps them. */
function createLongLevels({ history }: Settings): LevelSource | undefined {
  const server = createInfluxServer(history);
  return server && createInfluxLevels(server.query);
}

function pageSettings(settings: Settings): Parameters<typeof createDashboard>[0]['settings'] {
  const { demo, tiles } = settings;
  return { version: readVersion(), demo, tiles, missing: tiles === null ? ['tiles'] : [] };
}

/** A form that is read without being told is a source of its own name. */
function listWebhookSources({ sources }: Settings): string[] {
  return [...new Set([...WEBHOOK_ENVELOPES, ...sources.map(({ name }) => name)])];
}
