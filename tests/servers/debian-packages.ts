import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The Debian packages whose programs the tests may start. */
export const PACKAGE_NAMES = [
  'mosquitto',
  'mosquitto-clients',
  'influxdb',
  'victoria-metrics',
  'postgresql-15',
  'chromium',
  'strace',
  'faketime',
  'nats-server',
  'rabbitmq-server',
  'gpsbabel',
  'libxml2-utils',
  'poppler-utils',
  'calcurse',
  'zbar-tools',
  'xlsx2csv',
] as const;

/** One of the Debian packages the tests know how to unpack. */
export type PackageName = (typeof PACKAGE_NAMES)[number];

const REPOSITORY_ROOT = path.resolve(import.meta.dirname, '../..');

/** Written last, so a folder that has it is whole. Its text lists what was unpacked. */
const STAMP_FILE = 'unpacked.txt';

/**
 * The folder that holds unpacked packages: `TUNNA_TEST_CACHE`, or `.cache/debian` in the repository.
 */
export function cacheFolder(): string {
  const chosen = process.env['TUNNA_TEST_CACHE'];
  return chosen ? path.resolve(chosen) : path.join(REPOSITORY_ROOT, '.cache', 'debian');
}

/** The root of an unpacked package, such that `usr/bin` lies in it, or undefined when not unpacked. */
export function unpackedRoot(name: PackageName): string | undefined {
  const root = path.join(cacheFolder(), name);
  return existsSync(path.join(root, STAMP_FILE)) ? root : undefined;
}

/**
 * Downloads a package with everything it depends on that this machine lacks, and unpacks it into the cache folder.
 * Nothing is installed, so no maintainer script runs and no service starts. Needs no root.
 *
 * Two processes may do this at once: each works in a folder of its own and the first to finish wins.
 * @throws when apt is missing, knows no such package, or cannot download it.
 */
export async function unpackPackage(name: PackageName): Promise<string> {
  const known = unpackedRoot(name);
  if (known) return known;
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(path.join(cacheFolder(), `.${name}-`));
  try {
    const debs = path.join(work, 'debs');
    const root = path.join(work, 'root');
    await mkdir(debs);
    await mkdir(root);
    await downloadClosure(name, debs);
    const files = (await readdir(debs)).filter((file) => file.endsWith('.deb')).sort();
    for (const file of files) await run('dpkg', ['-x', path.join(debs, file), root]);
    await writeFile(path.join(root, STAMP_FILE), files.join('\n') + '\n');
    await adopt(root, path.join(cacheFolder(), name));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return path.join(cacheFolder(), name);
}

/** Tries the package lists this machine has, and fetches fresh ones into the cache folder if that fails. */
async function downloadClosure(name: PackageName, debs: string): Promise<void> {
  try {
    await download(await closureOf(name, []), debs, []);
  } catch (firstFailure) {
    const ownLists = await privateListOptions();
    try {
      await run('apt-get', ['update', '-qq', ...ownLists]);
      await download(await closureOf(name, ownLists), debs, ownLists);
    } catch (cause) {
      throw new AggregateError([firstFailure, cause], `cannot download ${name}`, { cause });
    }
  }
}

/** The packages apt would install, as `name=version`, judged against what this machine has installed. */
async function closureOf(name: PackageName, options: string[]): Promise<string[]> {
  const args = ['install', '--simulate', '-qq', '--no-install-recommends', ...options, name];
  const { stdout } = await run('apt-get', args);
  const closure = [...stdout.matchAll(/^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) /gm)]
    .map(([, dependency, version]) => `${dependency}=${version}`)
    // A C library of another version than the loader's would break every program.
    .filter((dependency) => !dependency.startsWith('libc6='));
  // Nothing to install means that it is installed, yet the program was not found: take the package itself.
  return closure.length > 0 ? closure : [name];
}

async function download(closure: string[], debs: string, options: string[]): Promise<void> {
  // As root, apt would download as its own user, which may not reach this folder.
  const asMyself = ['-o', 'APT::Sandbox::User=root'];
  await run('apt-get', ['download', '-qq', ...asMyself, ...options, ...closure], { cwd: debs });
}

/** Keeps lists and locks inside the cache folder, so that neither root nor the machine's own lists are touched. */
async function privateListOptions(): Promise<string[]> {
  const apt = path.join(cacheFolder(), '.apt');
  await mkdir(path.join(apt, 'lists', 'partial'), { recursive: true });
  await mkdir(path.join(apt, 'cache', 'archives', 'partial'), { recursive: true });
  const settings = [
    `Dir::State::lists=${path.join(apt, 'lists')}`,
    `Dir::Cache=${path.join(apt, 'cache')}`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=root',
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}

async function adopt(made: string, final: string): Promise<void> {
  try {
    await rename(made, final);
  } catch (cause) {
    // Another process was faster; its copy is as good as ours.
    if (existsSync(path.join(final, STAMP_FILE))) return;
    throw cause;
  }
}
