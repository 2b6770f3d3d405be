import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from '../../tests/servers/programs.ts';
import type { ProgramName } from '../../tests/servers/programs.ts';

/** Which versions Tunna is compared with, as they say themselves. */
export async function describePeers(): Promise<string> {
  const programs = [
    await describe('mosquitto', '-h'),
    await describe('nats-server', '--version'),
    await describe('influxd', 'version'),
  ];
  return [...programs, ...['aedes', 'mqtt'].map(describePackage)].join(', ');
}

async function describe(name: ProgramName, option: string): Promise<string> {
  const { stdout, stderr } = await runProgram(name, [option]);
  return `${name} ${/\d+\.\d+[\w.]*/.exec(stdout + stderr)?.[0] ?? 'of unknown version'}`;
}

function describePackage(name: string): string {
  const file = path.resolve(import.meta.dirname, '../../node_modules', name, 'package.json');
  // Safe: every installed package has a version.
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return `${name} ${version}`;
}
