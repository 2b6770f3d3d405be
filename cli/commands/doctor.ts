import type { Command } from 'commander';
import { errorText } from '../../domain/error-text.ts';
import { fail, ok, warn } from '../doctor/check.ts';
import type { Finding } from '../doctor/check.ts';
import { checkDataFolder, checkNode, checkPage, checkSqlite } from '../doctor/machine-checks.ts';
import { checkPorts } from '../doctor/port-checks.ts';
import { checkSources } from '../doctor/source-checks.ts';
import { checkInflux } from '../doctor/influx-checks.ts';
import { checkStore } from '../doctor/store-checks.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { readTlsFiles } from '../parts/tls-files.ts';
import { print, printJson } from '../print.ts';
import { parseSettings, readRawSettings } from '../settings/read-settings.ts';
import type { Settings } from '../settings/settings.ts';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check the settings, this machine and what Tunna depends on')
    .option('--json', 'as JSON')
    .action(examine);
}

async function examine(options: { json?: true }): Promise<void> {
  const findings = await findAll();
  if (options.json) printJson(findings);
  else
    for (const { verdict, name, detail } of findings)
      print(`${verdict.padEnd(4)}  ${name}: ${detail}`);
  const failed = findings.filter(({ verdict }) => verdict === 'fail').length;
  if (failed === 0) return;
  throw new Refusal(EXIT.failure, failed === 1 ? '1 check failed' : `${failed} checks failed`);
}

async function findAll(): Promise<Finding[]> {
  const machine = [checkNode(), checkSqlite(), checkPage()];
  const folder = process.cwd();
  const parsed = parseSettings(readRawSettings(process.env, folder), folder);
  // Without settings there is nothing to look for on the network or the disk.
  if (!parsed.ok) return [...machine, ...parsed.mistakes.map((text) => fail('settings', text))];
  const { settings, warnings } = parsed;
  return [
    ...machine,
    ok('settings', settings.production ? 'production' : 'development'),
    ...warnings.map((text) => warn('settings', text)),
    ...checkBroker(settings),
    ...checkTls(settings),
    checkDataFolder(settings.dataFolder),
    ...(await checkPorts(settings)),
    ...(await checkStore(settings)),
    ...(await checkInflux(settings)),
    ...(await checkSources(settings)),
  ];
}

function checkBroker({ hasExternalBroker }: Settings): Finding[] {
  return hasExternalBroker ? [ok('broker', 'external; the sources are its clients')] : [];
}

function checkTls(settings: Settings): Finding[] {
  if (settings.tls === undefined) return [];
  try {
    readTlsFiles(settings);
    return [ok('tls', settings.tls.certFile)];
  } catch (error) {
    return [fail('tls', errorText(error))];
  }
}
