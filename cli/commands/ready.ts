import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import type { Command } from 'commander';
import { errorText } from '../../domain/error-text.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';
import { connectHost } from '../parts/connect-host.ts';
import { print } from '../print.ts';
import type { Settings } from '../settings/settings.ts';

const TIMEOUT_MS = 4_000;

export function addReadyCommand(program: Command): void {
  program
    .command('ready')
    .description('ask the running dashboard whether it is ready: for health checks of containers')
    .action(async () => {
      const status = await askReady(loadSettings().settings);
      if (status !== 200) throw new Refusal(EXIT.failure, `/readyz answered ${status}`);
      print('ready');
    });
}

function askReady(settings: Settings): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const options = {
    host: connectHost(settings.bind),
    port: settings.httpPort,
    path: '/readyz',
    timeout: TIMEOUT_MS,
    // Our own server on this machine: its certificate names the town's host, not this address.
    rejectUnauthorized: false,
  };
  const get = settings.tls === undefined ? httpGet : httpsGet;
  const request = get(options, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  request.once('timeout', () => request.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
  request.once('error', (cause) => {
    reject(new Refusal(EXIT.failure, `/readyz: ${errorText(cause)}`, { cause }));
  });
  return promise;
}
